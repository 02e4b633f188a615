import type { DesktopCommand } from '../../contract/desktop.ts'
import { tell, tellError } from '../base/notices.ts'
import { idOf, parseHash } from '../base/route.ts'
import { chooseTheme, themeStore } from '../base/theme.ts'
import { goTo, goToFromHere } from '../base/useRoute.ts'
import { setDraft } from '../bench/draftStore.ts'
import { desktop } from '../lab/lab.ts'
import { labStore } from '../lab/labStore.ts'
import { discardRuns, resumeRun } from '../run/runActions.ts'
import { copy, save, sharedRun } from '../run/share.ts'
import { obey } from './obey.ts'

/** Does what the menu and other starts of the lab ask, and lets the desktop's own colours follow the page's. */
export function followDesktop(): void {
  if (desktop === undefined) return
  const shell = desktop
  const tellTheme = () => void shell.setTheme({ choice: themeStore.get().choice })
  themeStore.subscribe(tellTheme)
  tellTheme()
  shell.onCommand(follow)
}

function follow(command: DesktopCommand): void {
  switch (command.name) {
    case 'start':
    case 'cancel':
    case 'view':
      obey(command)
      break
    case 'openRun':
      goTo('runs', command.runId)
      break
    case 'useFile':
      setDraft({ source: 'own', path: command.path })
      goTo('bench')
      break
    case 'theme':
      chooseTheme(command.choice)
      break
    case 'tell':
      say(command)
      break
    case 'export':
      withOpenRun(runId => void save(sharedRun({ runId }), command.format))
      break
    case 'copy':
      withOpenRun(runId => void copy(sharedRun({ runId }), command.format))
      break
    case 'resume':
      withOpenRun(runId => void resumeRun(runId))
      break
    case 'compare':
      withOpenRun(runId => goTo('compare', runId))
      break
    case 'delete':
      withOpenRun(runId => void discardOpenRun(runId))
      break
  }
}

function say({ tone, message, hint }: Extract<DesktopCommand, { name: 'tell' }>): void {
  if (tone === 'bad') tellError({ kind: 'bad-input', message, hint })
  else tell(message, hint)
}

/** The run that the page shows on a page of its own. */
function withOpenRun(act: (runId: number) => void): void {
  const { view, args } = parseHash(window.location.hash)
  const runId = view === 'runs' ? idOf(args[0]) : null
  if (runId !== null && labStore.get().runs?.has(runId)) act(runId)
  else tell('No run is open.', 'Open one from the list of runs first.')
}

async function discardOpenRun(runId: number): Promise<void> {
  const lead = goToFromHere()
  if (await discardRuns([runId])) lead('runs')
}
