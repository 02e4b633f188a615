import './layout.css'
import { useEffect } from 'react'
import { useRoute } from '../base/useRoute.ts'
import { runningRuns } from '../lab/labState.ts'
import { useLab } from '../lab/labStore.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { LabNotices } from './LabNotices.tsx'
import { Notices } from './Notices.tsx'
import { obey } from './obey.ts'
import { progressText } from './progressText.ts'
import { Rail } from './Rail.tsx'
import { useShortcuts } from './useShortcuts.ts'
import { views } from './views.ts'

export function App() {
  const route = useRoute()
  const view = views.find(candidate => candidate.id === route.view) ?? views[0]
  useShortcuts(obey)
  const progress = useLab(({ runs }) => progressText(runningRuns(runs)))
  useEffect(() => {
    document.title = [progress, view?.title ?? '', 'dmabuf-lab'].filter(part => part !== '').join(' · ')
  }, [progress, view])
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
