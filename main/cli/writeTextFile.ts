import { writeFileSync } from 'node:fs'
import { fail } from '../../contract/error.ts'

/** @throws LabFailure `bad-file`. */
export function writeTextFile(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    fail(
      'bad-file',
      `${file} cannot be written: ${reason}`,
      'The run is kept. Export it to another file.',
      thrown,
    )
  }
}
