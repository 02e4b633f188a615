import './layout.css'
import { useEffect } from 'react'
import { goTo, useRoute } from '../base/useRoute.ts'
import { requestStart } from '../bench/startRequest.ts'
import { runningRuns } from '../lab/labState.ts'
import { cancelRun, labStore } from '../lab/labStore.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { LabNotices } from './LabNotices.tsx'
import { Notices } from './Notices.tsx'
import { Rail } from './Rail.tsx'
import type { Command } from './shortcuts.ts'
import { useShortcuts } from './useShortcuts.ts'
import { views } from './views.ts'

export function App() {
  const route = useRoute()
  const view = views.find(candidate => candidate.id === route.view) ?? views[0]
  useShortcuts(obey)
  useEffect(() => {
    document.title = view === undefined ? 'dmabuf-lab' : `${view.title} · dmabuf-lab`
  }, [view])
  return (
    <div className="app">
      <Rail current={view?.id ?? ''} />
      <main>
        <LabNotices />
        {view !== undefined && (
          <ErrorBoundary key={`${view.id}/${route.args[0] ?? ''}`}>
            <view.Component args={route.view === view.id ? route.args : []} />
          </ErrorBoundary>
        )}
      </main>
      <Notices />
    </div>
  )
}

function obey(command: Command): void {
  if (command.name === 'view') {
    const view = views[command.digit - 1]
    if (view !== undefined) goTo(view.id)
  } else if (command.name === 'cancel') {
    for (const run of runningRuns(labStore.get().runs)) void cancelRun(run.id)
  } else {
    goTo('bench')
    requestStart()
  }
}
