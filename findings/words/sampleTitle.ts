import type { StoredSample } from '../../contract/sample.ts'
import { sizeText, timeText } from './figureText.ts'

/** A sample in one line: `memfd-direct, 1 GiB, repeat 3, 751 ms`. */
export function sampleTitle(sample: StoredSample): string {
  const round = `${sample.warmup ? 'warm-up' : 'repeat'} ${sample.repeat + 1}`
  const result = sample.totalNs === null ? sample.status : timeText(sample.totalNs)
  return `${sample.scheme}, ${sizeText(sample.bytes)}, ${round}, ${result}`
}
