import { fail } from '../../contract/error.ts'

/**
 * JSON items, one per line.
 * @throws LabFailure `bad-input` when the text would be longer than V8 lets a string be (2^29 characters).
 */
export function joinedLines(lines: readonly string[]): string {
  try {
    return lines.join(',\n')
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    return fail(
      'bad-input',
      'the run has too many spans for one file',
      'Export it as CSV, which has none.',
      cause,
    )
  }
}
