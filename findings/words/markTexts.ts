import type { StoredSample } from '../../contract/sample.ts'
import { countText } from './figureText.ts'

/** How many of a run's samples bear which mark, in the order the marks appear. Warm-ups are not counted. */
export function markTexts(samples: readonly StoredSample[]): string[] {
  const groups = Map.groupBy(
    samples.filter(sample => !sample.warmup).flatMap(sample => sample.marks),
    mark => mark,
  )
  return [...groups].map(([mark, all]) => `${countText(all.length, 'sample')} marked "${mark}".`)
}
