import { fail } from '../../contract/error.ts'

/**
 * One word of a POSIX shell command line that stands for exactly `text`.
 * @throws LabFailure `bad-input` for a NUL, which no argument can hold.
 */
export function shellQuote(text: string): string {
  if (text.includes('\0')) fail('bad-input', 'a path or name holds a NUL byte', 'Give one without it.')
  return `'${text.replaceAll("'", `'\\''`)}'`
}
