import { tell } from '../base/notices.ts'
import { goTo } from '../base/useRoute.ts'
import { setDraft } from '../bench/draftStore.ts'
import { desktop } from '../lab/lab.ts'
import { importRunFile } from '../run/runActions.ts'

/**
 * A run's JSON that is dropped on the page comes into the history. A browser tells no path of a file to load, so the
 * page asks for it. The desktop shell sees to drops by itself.
 */
export function takeDroppedFiles(): void {
  if (desktop !== undefined) return
  window.addEventListener('dragover', event => event.preventDefault())
  window.addEventListener('drop', event => {
    event.preventDefault()
    for (const file of event.dataTransfer?.files ?? []) void take(file)
  })
}

/** A model is never JSON, and an export always is. */
async function take(file: File): Promise<void> {
  if (file.name.toLowerCase().endsWith('.json')) return importRunFile(file)
  setDraft({ source: 'own' })
  goTo('bench')
  tell(`A browser does not tell where ${file.name} lies.`, 'Write its path on the target into the plan.')
}
