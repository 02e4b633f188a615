import { styleText } from 'node:util'
import { visibleLines, visibleText } from '../../findings/words/foreignText.ts'
import { exitCodes } from './exitCode.ts'

/** Erases the line and returns to its start (ECMA-48 EL, CR). */
const eraseLine = '\r\u001b[2K'

let progressShown = false

/** A result, on stdout. Nothing in it steers the terminal but our own bold. */
export function print(text: string): void {
  eraseProgress()
  // Lines of CSV end with CR LF.
  const lines = text.split('\r\n').map(line => line.split(ownStyle).map(withoutStyle).join(''))
  process.stdout.write(`${lines.join('\r\n')}\n`)
}

/** What {@link bold} writes (ECMA-48 SGR); split() gives it the odd places. */
const ownStyle = new RegExp(`(${'\u001b'}\\[(?:1|22)m)`)

function withoutStyle(piece: string, place: number): string {
  return place % 2 === 1 ? piece : visibleLines(piece)
}

/** Everything that is not a result, on stderr. */
export function note(text: string): void {
  eraseProgress()
  process.stderr.write(`${visibleLines(text)}\n`)
}

/** Whether progress is one line that is rewritten, as in a terminal; elsewhere each line stays. */
export function rewritesProgress(): boolean {
  return process.stderr.isTTY === true
}

/** One line that is rewritten in a terminal, and a line each time elsewhere. */
export function showProgress(text: string): void {
  if (rewritesProgress()) {
    const width = (process.stderr.columns || 80) - 1
    process.stderr.write(eraseLine + visibleText(text).slice(0, width))
    progressShown = true
  } else {
    note(text)
  }
}

/** Bold in a terminal, unless NO_COLOR is set; plain elsewhere. */
export function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout })
}

/**
 * A reader that closed the pipe (`| head`) has what it wanted. A result that cannot be written otherwise, as on a full
 * disk, ends the command; where stderr itself fails there is nobody to tell.
 */
export function watchOutput(): void {
  process.stderr.on('error', () => {})
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    note(`error: the result cannot be written: ${error.message}`)
    note('What was measured is kept; see `runs`.')
    process.exit(exitCodes.failed)
  })
}

function eraseProgress(): void {
  if (progressShown) process.stderr.write(eraseLine)
  progressShown = false
}
