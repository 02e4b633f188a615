import type { Capabilities, Ceiling } from '../../contract/target.ts'
import { rateText, sizeText, timeText } from './figureText.ts'
import { pathCause } from './pathCause.ts'

/** Said in a ceiling's stead. */
export const unmeasuredText = 'not measured'

/**
 * The ceiling and how it was measured: `2.80 GB/s, 1 GiB in 383 ms, linux-aio, 1 MiB blocks, depth 128`. One of buffered
 * reads says so first.
 */
export function ceilingText(ceiling: Ceiling | null): string {
  if (ceiling === null) return unmeasuredText
  const { bytesPerSecond, bytes, ns, method, blockBytes, depth, ioMode } = ceiling
  const how = `${method}, ${sizeText(blockBytes)} blocks, depth ${depth}`
  const buffered = ioMode === 'buffered' ? ' of buffered reads' : ''
  return `${rateText(bytesPerSecond)}${buffered}, ${sizeText(bytes)} in ${timeText(ns)}, ${how}`
}

/** That of a run, with why it is of buffered reads; where there is none, why: both as far as the run knows. */
export function runCeilingText(run: {
  readonly ceiling: Ceiling | null
  readonly capabilities: Capabilities | null
}): string {
  const why = run.ceiling === null ? (run.capabilities?.noCeiling ?? '') : ''
  if (why !== '') return `none: ${why}`
  const cause =
    run.ceiling?.ioMode === 'buffered'
      ? pathCause('fell back to buffered', run.capabilities?.environment ?? null)
      : null
  return cause === null ? ceilingText(run.ceiling) : `${ceilingText(run.ceiling)}; ${cause}`
}
