import type { Plan } from '../../contract/plan.ts'
import type { Sample } from '../../contract/sample.ts'
import { randomStream } from '../../findings/statistics/randomStream.ts'
import { shuffled } from './shuffled.ts'

/** Which load of its plan a sample is, before it is measured. */
export type Measurement = Pick<Sample, 'scheme' | 'bytes' | 'repeat' | 'warmup'>

type Rounds = Pick<Plan, 'schemes' | 'sizesBytes' | 'repeats' | 'warmups' | 'seed'>

/**
 * Every timed load of a plan in the order it is measured: the warm-up rounds, then the repeats; in each round every size,
 * and at each size every scheme once, both in an order shuffled by the plan's seed. So drift hits sizes and schemes alike,
 * what is compared is measured close together, and a run that is cancelled has something of every size.
 */
export function orderMeasurements({ schemes, sizesBytes, repeats, warmups, seed }: Rounds): Measurement[] {
  const random = randomStream(`order ${seed}`)
  const rounds = [
    ...Array.from({ length: warmups }, (_, repeat) => ({ repeat, warmup: true })),
    ...Array.from({ length: repeats }, (_, repeat) => ({ repeat, warmup: false })),
  ]
  return rounds.flatMap(round =>
    shuffled(sizesBytes, random).flatMap(bytes =>
      shuffled(schemes, random).map(scheme => ({ scheme, bytes, ...round })),
    ),
  )
}
