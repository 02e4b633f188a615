import type { Plan } from '../../contract/plan.ts'
import type { Sample } from '../../contract/sample.ts'
import { randomStream } from '../stats/randomStream.ts'
import { shuffled } from './shuffled.ts'

/** A sample's place in its plan, before it is measured. */
export type Measurement = Pick<Sample, 'scheme' | 'bytes' | 'repeat' | 'warmup'>

type Rounds = Pick<Plan, 'schemes' | 'sizesBytes' | 'repeats' | 'warmups' | 'seed'>

/**
 * Every timed load of a plan in the order it is measured: sizes ascending; for each size the warm-up rounds, then the
 * repeats; in each round every scheme once, in an order shuffled by the plan's seed, so that drift hits all alike.
 */
export function orderMeasurements({ schemes, sizesBytes, repeats, warmups, seed }: Rounds): Measurement[] {
  const random = randomStream(`order ${seed}`)
  const rounds = [
    ...Array.from({ length: warmups }, (_, repeat) => ({ repeat, warmup: true })),
    ...Array.from({ length: repeats }, (_, repeat) => ({ repeat, warmup: false })),
  ]
  return [...sizesBytes]
    .sort((a, b) => a - b)
    .flatMap(bytes =>
      rounds.flatMap(round => shuffled(schemes, random).map(scheme => ({ scheme, bytes, ...round }))),
    )
}
