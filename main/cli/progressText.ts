import type { Progress } from '../../contract/run.ts'
import { waitText } from '../../findings/words/figureText.ts'

/** `12/60  memfd-direct at 256MiB, repeat 3 of 10  45 s left`. */
export function progressText({ stage, done, total, text, remainingNs }: Progress): string {
  const count = stage === 'measuring' ? `${done}/${total}` : ''
  const left = remainingNs === null || remainingNs === 0 ? '' : `${waitText(remainingNs)} left`
  return [count, text, left].filter(part => part !== '').join('  ')
}
