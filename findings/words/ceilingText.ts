import type { Ceiling } from '../../contract/target.ts'
import { rateText, sizeText, timeText } from './figureText.ts'

/** Said in a ceiling's stead. */
export const unmeasuredText = 'not measured'

/** The ceiling and how it was measured: `2.80 GB/s, 1 GiB in 383 ms, linux-aio, 1 MiB blocks, depth 128`. */
export function ceilingText(ceiling: Ceiling | null): string {
  if (ceiling === null) return unmeasuredText
  const { bytesPerSecond, bytes, ns, method, blockBytes, depth } = ceiling
  const how = `${method}, ${sizeText(blockBytes)} blocks, depth ${depth}`
  return `${rateText(bytesPerSecond)}, ${sizeText(bytes)} in ${timeText(ns)}, ${how}`
}
