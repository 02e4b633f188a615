import type { Plan } from '../../contract/plan.ts'
import type { PlannedSample } from '../../contract/sample.ts'
import { randomStream } from '../../findings/statistics/randomStream.ts'
import { shuffled } from './shuffled.ts'

/** Which load of its plan a sample is, before it is measured. */
export type Measurement = PlannedSample

type Rounds = Pick<Plan, 'schemes' | 'sizesBytes' | 'repeats' | 'warmups' | 'seed'> &
  Partial<Pick<Plan, 'tuning'>>

/**
 * Every timed load of a plan in the order it is measured: the warm-up rounds, then the repeats; in each round every size,
 * and at each size every scheme (in a tuning every setting) once, both in an order shuffled by the plan's seed. So drift
 * hits sizes and schemes alike, what is compared is measured close together, and a run that is cancelled has something
 * of every size.
 */
export function orderMeasurements({
  schemes,
  sizesBytes,
  repeats,
  warmups,
  seed,
  tuning = null,
}: Rounds): Measurement[] {
  const random = randomStream(`order ${seed}`)
  const rounds = [
    ...Array.from({ length: warmups }, (_, repeat) => ({ repeat, warmup: true })),
    ...Array.from({ length: repeats }, (_, repeat) => ({ repeat, warmup: false })),
  ]
  const settings = tuning === null ? [null] : tuning.map((_, setting) => setting)
  const loads = schemes.flatMap(scheme => settings.map(setting => ({ scheme, setting })))
  return rounds.flatMap(round =>
    shuffled(sizesBytes, random).flatMap(bytes =>
      shuffled(loads, random).map(load => ({ ...load, bytes, ...round })),
    ),
  )
}
