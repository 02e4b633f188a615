import { closeSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fail, reasonOf } from '../../contract/error.ts'

/** @throws LabFailure `bad-file` where a result could not be written; leaves everything as it is. */
export function checkOutputFile(file: string): void {
  const before = statSync(file, { throwIfNoEntry: false })
  // To open a pipe would wait for its reader.
  if (before !== undefined && !before.isFile() && !before.isDirectory()) return
  writing(file, 'Name a file that can be written. Nothing was started.', () => closeSync(openSync(file, 'a')))
  if (before === undefined) rmSync(file, { force: true })
}

/** @throws LabFailure `bad-file`. */
export function writeOutputFile(file: string, text: string): void {
  writing(file, 'The run is kept. Export it to another file.', () => writeFileSync(file, text))
}

function writing(file: string, hint: string, work: () => void): void {
  try {
    work()
  } catch (thrown) {
    const reason = reasonOf(thrown)
    fail('bad-file', `${file} cannot be written: ${reason}`, hint, thrown)
  }
}
