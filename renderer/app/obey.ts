import { goTo } from '../base/useRoute.ts'
import { requestStart } from '../bench/startRequest.ts'
import { runningRuns } from '../lab/labState.ts'
import { cancelRun, labStore } from '../lab/labStore.ts'
import type { Command } from './shortcuts.ts'
import { views } from './views.ts'

/** Does what a key or a menu says. */
export function obey(command: Command): void {
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
