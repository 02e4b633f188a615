import type { Progress } from '../../contract/run.ts'
import { waitText } from '../../engine/stats/figureText.ts'

/** `measuring 12/60  memfd-direct 256MiB  45 s left`. */
export function progressText({ stage, done, total, text, remainingNs }: Progress): string {
  const count = total === 0 ? stage : `${stage} ${done}/${total}`
  const left = remainingNs === null ? '' : `${waitText(remainingNs)} left`
  return [count, text, left].filter(part => part !== '').join('  ')
}
