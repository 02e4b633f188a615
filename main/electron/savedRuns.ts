import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckedInput } from '../../contract/calls.ts'
import { fail, reasonOf } from '../../contract/error.ts'
import type { ExportFormat } from '../../contract/run.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import type { LabApplication } from '../lab/lab.ts'
import { exportedRun, readUserText } from '../lab/userFile.ts'

/** `scheme`: of the pair that a picture shows. */
type Asked = readonly [runId: number, format: ExportFormat, scheme?: SchemeId | undefined]

type ComparisonExport = CheckedInput<'runs', 'exportSides'>

export type FileDialogs = {
  /** Where to write, or `null` where the person thought better of it. */
  readonly askWhere: (suggested: string) => Promise<string | null>
}

/** The exports of runs and comparisons that a person saved, and the runs that they brought back. */
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
  async save(...asked: Asked): Promise<string | null> {
    const { fileName, text } = await this.#exported(asked)
    return this.#write(fileName, text)
  }

  /** The text of an export. */
  async text(...asked: Asked): Promise<string> {
    return (await this.#exported(asked)).text
  }

  /** Writes the export of a comparison where the person says. @throws LabFailure `store-failed`. */
  async saveComparison(asked: ComparisonExport): Promise<string | null> {
    const { fileName, text } = await this.#comparison(asked)
    return this.#write(fileName, text)
  }

  async comparisonText(asked: ComparisonExport): Promise<string> {
    return (await this.#comparison(asked)).text
  }

  async #comparison(asked: ComparisonExport) {
    const { handlers } = await this.#lab
    return handlers.runs.exportSides(asked)
  }

  /** Writes a picture where the person says. @throws LabFailure `store-failed`. */
  savePicture(fileName: string, png: Buffer): Promise<string | null> {
    return this.#write(fileName, png)
  }

  async #exported([runId, format, scheme]: Asked) {
    const { handlers } = await this.#lab
    return handlers.runs.export({ runId, format, scheme })
  }

  async #write(fileName: string, content: string | Buffer): Promise<string | null> {
    const file = await this.#dialogs.askWhere(join(this.#folder, fileName))
    if (file === null) return null
    try {
      await writeFile(file, content)
    } catch (thrown) {
      fail('store-failed', `${file} was not written: ${reasonOf(thrown)}`, 'Choose another place.', thrown)
    }
    this.#lastSaved = file
    return file
  }

  /** Brings in a JSON export and returns its run. @throws LabFailure `bad-input`, `bad-file`. */
  async bringIn(file: string): Promise<number> {
    const { handlers } = await this.#lab
    const { runId } = await handlers.runs.import({
      text: await readUserText(file, { ...exportedRun, hint: 'Choose another file.' }),
    })
    return runId
  }
}
