import { z } from 'zod'
import { schemeIdSchema } from './schemes.ts'
import { bytesSchema, nsSchema } from './size.ts'

export const phases = ['open', 'alloc', 'map', 'create', 'read', 'copy', 'wait', 'close'] as const
export const phaseSchema = z.enum(phases)
export type Phase = z.infer<typeof phaseSchema>

export const laneSchema = z.string().regex(/^(allocator|reader-\d{1,3}|caller)$/)

/** One interval in a sample, in ns since the sample's start (CLOCK_MONOTONIC, or the virtual clock). */
export const spanSchema = z
  .strictObject({
    lane: laneSchema,
    phase: phaseSchema,
    startNs: nsSchema,
    endNs: nsSchema,
    bytes: bytesSchema,
    /** Which gather the span works on; `null` where the load has none. */
    gather: z.number().int().nonnegative().nullable(),
  })
  .refine(span => span.endNs >= span.startNs, 'a span ends before it starts')
export type Span = z.infer<typeof spanSchema>

export const sampleStatuses = ['ok', 'failed', 'unsupported', 'cancelled'] as const

/** What must be said beside a figure: a sample is labelled, never dropped. */
export const marks = [
  'warm',
  'not all from storage',
  'fell back to buffered',
  'path not proved',
  'throttled',
  'no huge pages',
  'emulated',
  'heap ioctl',
  'heap flag',
  'lab module',
  'not verified',
  /** The machine that the lab runs on slept, or its power supply or thermal state changed, during the load or just before it. */
  'machine slept',
  'power changed',
] as const
export const markSchema = z.enum(marks)
export type Mark = z.infer<typeof markSchema>

const time = nsSchema.nullable()

/**
 * One timed load: scheme x size x repeat. Times are `null` where the sample has no such figure.
 * `allocNs` and `readNs` are the busy time of their lane, so `allocNs + readNs` is the serial sum and may exceed
 * `totalNs` when they overlap. `totalNs` runs from before the first open until the buffer is ready; `closeNs` is apart.
 */
export const sampleSchema = z.strictObject({
  scheme: schemeIdSchema,
  bytes: bytesSchema,
  /** Which of its cell's repeats, or warm-ups, from 0; texts for people count from 1. */
  repeat: z.number().int().nonnegative(),
  warmup: z.boolean(),
  /** Which of the plan's tuning settings it was measured under; `null` in a run that tunes nothing. */
  setting: z.number().int().nonnegative().nullable().default(null),
  status: z.enum(sampleStatuses),
  /** Why it is not ok, or empty. */
  reason: z.string(),
  totalNs: time,
  openNs: time,
  allocNs: time,
  mapNs: time,
  createNs: time,
  readNs: time,
  closeNs: time,
  firstGatherNs: time,
  remainingAllocNs: time,
  gatherBytes: bytesSchema.nullable(),
  readers: z.number().int().positive().nullable(),
  /** Proved: nothing of the file was in the page cache before the load, and all of it came from the storage. */
  cold: z.boolean(),
  /** Proved: all bytes went past the page cache. */
  direct: z.boolean(),
  /** Every byte of the buffer was checked after the load. A simulated load has no bytes, so never there. */
  verified: z.boolean(),
  simulated: z.boolean(),
  /** bytes / totalNs, in bytes per second. */
  throughput: z.number().nonnegative().nullable(),
  /** throughput / ceiling, as a fraction. */
  ofCeiling: z.number().nonnegative().nullable(),
  marks: z.array(markSchema),
  /** Further figures, unit in the name: `cpuNs`, `deviceReadBytes`, `kernelBytes`, ... */
  figures: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), z.number()),
})
export type Sample = z.infer<typeof sampleSchema>
export type SampleStatus = Sample['status']

/** The columns of a sample in every export, in this order. */
export const sampleColumns = [
  'scheme',
  'bytes',
  'repeat',
  'warmup',
  'setting',
  'status',
  'reason',
  'totalNs',
  'openNs',
  'allocNs',
  'mapNs',
  'createNs',
  'readNs',
  'closeNs',
  'firstGatherNs',
  'remainingAllocNs',
  'gatherBytes',
  'readers',
  'cold',
  'direct',
  'verified',
  'simulated',
  'throughput',
  'ofCeiling',
  'marks',
] as const satisfies readonly (keyof Sample)[]

/** A sample as the store keeps it: `id` is unique in the store, `index` is its position in the run, from 0. */
export const storedSampleSchema = sampleSchema.extend({
  id: z.number().int().positive(),
  index: z.number().int().nonnegative(),
})
export type StoredSample = z.infer<typeof storedSampleSchema>

export type PlannedSample = Pick<Sample, 'scheme' | 'bytes' | 'repeat' | 'warmup'> &
  Partial<Pick<Sample, 'setting'>>

/** A sample's place in its plan. A resumed run measures only the keys it does not have. */
export function sampleKey(sample: PlannedSample): string {
  const setting = (sample.setting ?? null) === null ? '' : `/s${sample.setting}`
  return `${sample.scheme}/${sample.bytes}/${sample.warmup ? 'w' : 'r'}${sample.repeat}${setting}`
}
