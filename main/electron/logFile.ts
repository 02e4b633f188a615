import { appendFileSync, renameSync, statSync } from 'node:fs'
import { format } from 'node:util'

/** Large enough for years of starts, small enough to send. One older file is kept. */
const limitBytes = 1024 * 1024

/** Writes what the shell says on its console into `file` as well, line by line, with the time. */
export function logInto(file: string): void {
  startAnew(file)
  for (const level of ['error', 'warn', 'info'] as const) {
    const say = console[level]
    console[level] = (...words: unknown[]) => {
      say(...words)
      append(file, level, format(...words))
    }
  }
}

function startAnew(file: string): void {
  try {
    if (statSync(file).size > limitBytes) renameSync(file, `${file}.old`)
  } catch {
    // There is none yet.
  }
}

/** A log that cannot be written must not end what it tells of. */
function append(file: string, level: string, text: string): void {
  try {
    appendFileSync(file, `${new Date().toISOString()} ${level} ${text}\n`)
  } catch {
    // The console has it.
  }
}
