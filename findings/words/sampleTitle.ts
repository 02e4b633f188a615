import type { Sample, StoredSample } from '../../contract/sample.ts'
import { sizeText, timeText } from './figureText.ts'

/** Which of its cell's loads a sample is. People count from 1; the column `repeat` of CSV and JSON counts from 0. */
export function roundTitle({ repeat, warmup }: Pick<Sample, 'repeat' | 'warmup'>): string {
  return `${warmup ? 'warm-up' : 'repeat'} ${repeatNumber({ repeat })}`
}

/** A repeat's number as people count. */
export function repeatNumber({ repeat }: Pick<Sample, 'repeat'>): number {
  return repeat + 1
}

/** A sample in one line: `memfd-direct, 1 GiB, repeat 3, 751 ms`. */
export function sampleTitle(sample: StoredSample): string {
  const result = sample.totalNs === null ? sample.status : timeText(sample.totalNs)
  return `${sample.scheme}, ${sizeText(sample.bytes)}, ${roundTitle(sample)}, ${result}`
}
