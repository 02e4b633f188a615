import { format } from 'node:util'
import type { LabLog } from '../lab/log/labLog.ts'

/** Notes down what the shell says on its console as well: a person who starts it by its icon sees no console. */
export function logConsole(log: Pick<LabLog, 'note'>): void {
  for (const level of ['error', 'warn', 'info'] as const) {
    const say = console[level]
    console[level] = (...words: unknown[]) => {
      say(...words)
      log.note(format(...words))
    }
  }
}
