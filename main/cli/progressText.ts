import type { Progress } from '../../contract/run.ts'
import { waitText } from '../../findings/words/figureText.ts'

const barColumns = 20
const filled = '#'
const open = '-'

/** `[####----------------] 12/60  memfd-direct at 256MiB, repeat 3 of 10  45 s left`. */
export function progressText(progress: Progress): string {
  const { stage, done, total } = progress
  return stage === 'measuring' && total > 0
    ? `${barText(done / total)} ${plainProgressText(progress)}`
    : plainProgressText(progress)
}

/** The same without the bar. */
export function plainProgressText({ stage, done, total, text, remainingNs }: Progress): string {
  const count = stage === 'measuring' ? `${done}/${total}` : ''
  const left = remainingNs === null || remainingNs === 0 ? '' : `${waitText(remainingNs)} left`
  return [count, text, left].filter(part => part !== '').join('  ')
}

function barText(share: number): string {
  const columns = Math.floor(Math.min(1, Math.max(0, share)) * barColumns)
  return `[${filled.repeat(columns)}${open.repeat(barColumns - columns)}]`
}

const plainLinesOfARun = 10

/**
 * Which progress is worth a line of its own where lines stay, as in a log: a new stage, and every tenth of the samples.
 * Returns a question to be asked of each progress in turn.
 */
export function tellsMore(): (progress: Progress) => boolean {
  let lastStage = ''
  let lastPart = -1
  return ({ stage, done, total }) => {
    const part = total === 0 ? 0 : Math.floor((done * plainLinesOfARun) / total)
    const more = stage !== lastStage || (stage === 'measuring' && part !== lastPart)
    lastStage = stage
    lastPart = part
    return more
  }
}
