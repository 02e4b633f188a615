import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, reasonOf } from '../../contract/error.ts'
import type { ExportFormat } from '../../contract/run.ts'
import { MiB } from '../../contract/size.ts'
import type { LabApplication } from '../lab/lab.ts'

/** Longer texts are refused by the import itself, after they were read. */
const longestImportBytes = 512 * MiB

export type FileDialogs = {
  /** Where to write, or `null` where the person thought better of it. */
  readonly askWhere: (suggested: string) => Promise<string | null>
}

/** The exports that a person saved, and the runs that they brought back. */
export class SavedRuns {
  readonly #lab: Promise<Pick<LabApplication, 'handlers'>>
  readonly #dialogs: FileDialogs
  readonly #folder: string
  #lastSaved: string | null = null

  /** `folder` is where the dialog begins. */
  constructor(lab: Promise<Pick<LabApplication, 'handlers'>>, dialogs: FileDialogs, folder: string) {
    this.#lab = lab
    this.#dialogs = dialogs
    this.#folder = folder
  }

  get lastSaved(): string | null {
    return this.#lastSaved
  }

  /** Writes an export where the person says. The text stays in this process. @throws LabFailure `store-failed`. */
  async save(runId: number, format: ExportFormat): Promise<string | null> {
    const { handlers } = await this.#lab
    const { fileName, text } = await handlers.runs.export({ runId, format })
    const file = await this.#dialogs.askWhere(join(this.#folder, fileName))
    if (file === null) return null
    try {
      await writeFile(file, text)
    } catch (thrown) {
      fail('store-failed', `${file} was not written: ${reasonOf(thrown)}`, 'Choose another place.', thrown)
    }
    this.#lastSaved = file
    return file
  }

  /** Brings in a JSON export and returns its run. @throws LabFailure `bad-input`, `bad-file`. */
  async bringIn(file: string): Promise<number> {
    const { handlers } = await this.#lab
    const { runId } = await handlers.runs.import({ text: await textOf(file) })
    return runId
  }
}

async function textOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size <= longestImportBytes) return await readFile(file, 'utf8')
  } catch (thrown) {
    fail('bad-file', `${file} cannot be read: ${reasonOf(thrown)}`, 'Choose another file.', thrown)
  }
  return fail('bad-file', `${file} is too long for an export of the lab`, 'Choose another file.')
}
