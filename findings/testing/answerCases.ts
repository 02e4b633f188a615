import { type Plan, type PlanInput, planSchema } from '../../contract/plan.ts'
import type { Mark, StoredSample } from '../../contract/sample.ts'
import { type SchemeId, schemeOf } from '../../contract/schemes.ts'
import { GiB, MiB } from '../../contract/size.ts'
import type { AnswerSource } from '../answer.ts'
import { cellsOf } from '../cells.ts'
import { storedSample } from './storedSample.ts'

export type AnswerCase = {
  /** What was constructed, as a reader of the document is told. */
  readonly condition: string
  readonly source: AnswerSource
}

type Loads = {
  readonly scheme: SchemeId
  readonly totalsMs: readonly number[]
  readonly bytes?: number
  /** Of each load, in ms; a kernel's own patch tells none. */
  readonly allocMs?: number
  readonly readMs?: number
  readonly gatherBytes?: number
  readonly readers?: number
  readonly figures?: Record<string, number>
  readonly marks?: readonly Mark[]
}

/** Successful, cold, direct and verified loads, unless marks say otherwise. */
function loads({ scheme, totalsMs, bytes = GiB, allocMs, readMs, ...more }: Loads): StoredSample[] {
  const { ioMode, overlap } = schemeOf(scheme)
  const marks = [...(more.marks ?? [])]
  const ns = (ms: number | undefined) => (ms === undefined ? null : Math.round(ms * 1e6))
  return totalsMs.map((ms, repeat) =>
    storedSample({
      ...{ scheme, bytes, repeat, marks, figures: more.figures ?? {} },
      totalNs: Math.round(ms * 1e6),
      allocNs: ns(allocMs),
      readNs: ns(readMs),
      gatherBytes: overlap === 'gather' ? (more.gatherBytes ?? 128 * MiB) : null,
      readers: more.readers ?? 1,
      cold: !marks.includes('warm'),
      verified: !marks.includes('not verified'),
      direct:
        ioMode === 'direct' && !marks.includes('fell back to buffered') && !marks.includes('path not proved'),
    }),
  )
}

function failedLoads(scheme: SchemeId, count: number, reason: string, bytes = GiB): StoredSample[] {
  const failed = { status: 'failed', totalNs: null, allocNs: null, readNs: null, verified: false } as const
  return Array.from({ length: count }, (_, place) =>
    storedSample({ scheme, bytes, reason, repeat: 100 + place, ...failed }),
  )
}

/** `count` times from `fromMs` on, each a thousandth longer than the one before. */
function times(fromMs: number, count = 10): number[] {
  return Array.from({ length: count }, (_, place) => fromMs * (1 + place / 1000))
}

function answerCase(
  condition: string,
  samples: readonly StoredSample[],
  differences: Partial<PlanInput> = {},
  ceilingBytesPerSecond: number | null = 2.5e9,
): AnswerCase {
  const schemes = [...new Set(samples.map(sample => sample.scheme))]
  const sizesBytes = [...new Set(samples.map(sample => sample.bytes))]
  const plan: Plan = planSchema.parse({ target: 'local', schemes, sizesBytes, ...differences })
  const indexed = samples.map((sample, index) => ({ ...sample, id: index + 1, index }))
  return { condition, source: { plan, ceilingBytesPerSecond, samples: indexed, cells: cellsOf(indexed) } }
}

const serial = (totalsMs = times(1000)) =>
  loads({ scheme: 'memfd-direct', totalsMs, allocMs: 400, readMs: 595 })
const gathered = (totalsMs = times(700)) =>
  loads({ scheme: 'memfd-gather-direct', totalsMs, allocMs: 400, readMs: 595 })

/** Runs made up so that each says one thing; the figures are nobody's. */
export const answerCases: readonly AnswerCase[] = [
  answerCase('Overlap is all that differs: the parts take as long as in the twin, and hide one another', [
    ...serial(),
    ...gathered(),
  ]),
  answerCase('Most of what is saved is batching: reading in gathers takes far less than in one piece', [
    ...loads({ scheme: 'read-sync-direct', totalsMs: times(5650), allocMs: 470, readMs: 5170 }),
    ...loads({ scheme: 'read-async-direct', totalsMs: times(1260), allocMs: 460, readMs: 1090 }),
    ...loads({ scheme: 'normal', totalsMs: times(3100), allocMs: 500, readMs: 2590 }),
  ]),
  answerCase('A kernel’s own patch tells no times of its parts', [
    ...loads({ scheme: 'read-sync-direct', totalsMs: times(900), marks: ['heap ioctl'] }),
    ...loads({ scheme: 'read-async-direct', totalsMs: times(600), marks: ['heap ioctl'] }),
  ]),
  answerCase('One gather covers the file', [
    ...loads({ scheme: 'memfd-direct', totalsMs: times(40), bytes: 64 * MiB, allocMs: 15, readMs: 24 }),
    ...loads({
      scheme: 'memfd-gather-direct',
      totalsMs: times(30),
      bytes: 64 * MiB,
      allocMs: 10,
      readMs: 19,
    }),
  ]),
  answerCase('Four readers against one', [
    ...serial(),
    ...loads({ scheme: 'memfd-gather-direct', totalsMs: times(500), allocMs: 400, readMs: 400, readers: 4 }),
  ]),
  answerCase('Two threads populate, against one', [
    ...loads({ scheme: 'udmabuf-direct', totalsMs: times(1100), allocMs: 500, readMs: 590 }),
    ...loads({
      ...{ scheme: 'udmabuf-gather-direct', totalsMs: times(700), allocMs: 260, readMs: 590 },
      figures: { populators: 2 },
    }),
  ]),
  answerCase('Huge pages on one side', [
    ...serial(),
    ...loads({
      ...{ scheme: 'memfd-gather-direct', totalsMs: times(500), allocMs: 60, readMs: 480 },
      figures: { hugePageBytes: GiB },
    }),
  ]),
  answerCase('The kernel took another path on one side', [
    ...loads({ scheme: 'read-sync-direct', totalsMs: times(900), marks: ['heap flag'] }),
    ...loads({ scheme: 'read-async-direct', totalsMs: times(600), marks: ['lab module'] }),
  ]),
  answerCase('Three repeats, which an exact test cannot decide', [
    ...serial(times(1000, 3)),
    ...gathered(times(700, 3)),
  ]),
  answerCase('One load of each', [...serial([1000]), ...gathered([700])]),
  answerCase('No difference', [
    ...loads({ scheme: 'memfd-direct', totalsMs: times(1000), allocMs: 400, readMs: 595 }),
    ...loads({ scheme: 'memfd-gather-direct', totalsMs: times(1000.5), allocMs: 450, readMs: 700 }),
  ]),
  answerCase('Nearly nothing, but always', [
    ...serial(Array.from({ length: 10 }, (_, place) => 1000 + place / 1000)),
    ...gathered(Array.from({ length: 10 }, (_, place) => 999.7 + place / 1000)),
  ]),
  answerCase('Three tied times against three', [...serial([1000, 1000, 1000]), ...gathered([700, 700, 700])]),
  answerCase('Two groups of times: the medians and the ratios disagree', [
    ...loads({ scheme: 'memfd-direct', totalsMs: [...times(500, 10), ...times(5050, 11)] }),
    ...loads({ scheme: 'memfd-gather-direct', totalsMs: [...times(4800, 11), ...times(50_000, 10)] }),
  ]),
  answerCase('The overlapped load was warm', [
    ...loads({ scheme: 'memfd-buffered', totalsMs: times(1000), allocMs: 400, readMs: 595 }),
    ...loads({
      ...{ scheme: 'memfd-gather-buffered', totalsMs: times(200), allocMs: 150, readMs: 120 },
      marks: ['warm'],
    }),
  ]),
  answerCase('Some loads fell back to buffered, some were throttled and none was verified', [
    ...loads({
      scheme: 'memfd-direct',
      totalsMs: times(1000),
      allocMs: 400,
      readMs: 595,
      marks: ['not verified'],
    }),
    ...loads({
      ...{ scheme: 'memfd-gather-direct', totalsMs: times(700, 6), allocMs: 400, readMs: 595 },
      marks: ['not verified', 'fell back to buffered'],
    }),
    ...loads({
      ...{ scheme: 'memfd-gather-direct', totalsMs: times(720, 4), allocMs: 400, readMs: 600 },
      marks: ['not verified', 'throttled'],
    }),
  ]),
  answerCase('Half of the loads were wrong', [
    ...serial(),
    ...gathered(times(700, 5)),
    ...failedLoads('memfd-gather-direct', 5, 'wrong byte at offset 4096: expected 1, found 0'),
  ]),
  answerCase('The largest size failed', [
    ...loads({ scheme: 'memfd-direct', totalsMs: times(400), bytes: 512 * MiB, allocMs: 150, readMs: 245 }),
    ...loads({
      scheme: 'memfd-gather-direct',
      totalsMs: times(300),
      bytes: 512 * MiB,
      allocMs: 150,
      readMs: 245,
    }),
    ...failedLoads('memfd-direct', 10, 'ENOMEM: no memory', 4 * GiB),
    ...failedLoads('memfd-gather-direct', 10, 'ENOMEM: no memory', 4 * GiB),
  ]),
  answerCase('Above the ceiling', [...serial(), ...gathered()], {}, 1e9),
  answerCase('A time of nothing', [...serial(times(0)), ...gathered()]),
  answerCase('No question: several serial schemes, of which one is picked', [
    ...loads({ scheme: 'normal', totalsMs: times(2000), allocMs: 500, readMs: 1490 }),
    ...loads({ scheme: 'memfd-direct', totalsMs: times(900), allocMs: 400, readMs: 495 }),
    ...loads({ scheme: 'memfd-buffered', totalsMs: times(1200), allocMs: 400, readMs: 795 }),
  ]),
  answerCase(
    'Four repeats, extended by four after looking',
    [...serial(times(1000, 8)), ...gathered(times(700, 8))],
    { repeats: 8, extensions: [4] },
  ),
  answerCase('Every load failed', [
    ...failedLoads('memfd-direct', 10, 'EIO: input/output error'),
    ...failedLoads('memfd-gather-direct', 10, 'EIO: input/output error'),
  ]),
  answerCase('A single scheme', [...serial()]),
]
