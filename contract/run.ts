import { z } from 'zod'
import { planSchema } from './plan.ts'
import { spanSchema, storedSampleSchema } from './sample.ts'
import { schemeIdSchema } from './schemes.ts'
import { bytesSchema, nsSchema } from './size.ts'
import { capabilitiesSchema, ceilingSchema, targetIdSchema } from './target.ts'

/** `interrupted`: a process died under it; `cancelled`: a person stopped it. Both keep their samples and can be resumed. */
export const runStatuses = ['running', 'finished', 'cancelled', 'interrupted', 'failed'] as const
export const runStatusSchema = z.enum(runStatuses)
export type RunStatus = z.infer<typeof runStatusSchema>

export const runIdSchema = z.number().int().positive()

/** `uuid` names the run across databases; `id` is its short name in this one. */
const identity = {
  id: runIdSchema,
  uuid: z.uuid(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  status: runStatusSchema,
  /** Why it is not finished, or empty. */
  reason: z.string(),
}

const counts = {
  samplesPlanned: z.number().int().nonnegative(),
  samplesDone: z.number().int().nonnegative(),
  samplesFailed: z.number().int().nonnegative(),
}

/** A row of the history. */
export const runSummarySchema = z.strictObject({
  ...identity,
  target: targetIdSchema,
  title: z.string(),
  simulated: z.boolean(),
  /** It came by a file: its `local` is not this machine. */
  imported: z.boolean(),
  /** Its row in the database is not what was stored: what is told of it here need not be so. */
  damaged: z.boolean(),
  schemes: z.array(schemeIdSchema),
  sizesBytes: z.array(bytesSchema),
  ...counts,
})
export type RunSummary = z.infer<typeof runSummarySchema>

/** One execution of a plan, kept for ever. */
export const runSchema = z.strictObject({
  ...identity,
  labVersion: z.string(),
  plan: planSchema,
  /** The probed target just before the run; `null` when the probe itself failed. */
  capabilities: capabilitiesSchema.nullable(),
  /** The same after the run, for thermal zones and frequencies. */
  capabilitiesAfter: capabilitiesSchema.nullable(),
  ceiling: ceilingSchema.nullable(),
  ...counts,
})
export type Run = z.infer<typeof runSchema>

/** Some of a run's samples, by their index: `count` of them or fewer, from `from` on. A count of 0 is the run alone. */
export const sampleWindowSchema = z.strictObject({
  from: z.number().int().nonnegative(),
  count: z.number().int().nonnegative(),
})
export type SampleWindow = z.infer<typeof sampleWindowSchema>

export const runDetailSchema = z.strictObject({ run: runSchema, samples: z.array(storedSampleSchema) })
export type RunDetail = z.infer<typeof runDetailSchema>

/** Version of the JSON export `{schemaVersion, run, samples, spans}`; spans are keyed by `sampleIndex`. */
export const exportSchemaVersion = 1
export const exportedRunSchema = z.strictObject({
  schemaVersion: z.literal(exportSchemaVersion),
  run: runSchema,
  samples: z.array(storedSampleSchema),
  spans: z.array(spanSchema.safeExtend({ sampleIndex: z.number().int().nonnegative() })),
})
export type ExportedRun = z.infer<typeof exportedRunSchema>

export const exportFormats = ['csv', 'json', 'markdown', 'text', 'html', 'svg', 'perfetto'] as const
export const exportFormatSchema = z.enum(exportFormats)
export type ExportFormat = z.infer<typeof exportFormatSchema>

/** How a run is exported. `scheme` names the pair of its picture; without one it is the pair that the page opens on. */
export const exportRequest = {
  format: exportFormatSchema,
  scheme: schemeIdSchema.optional(),
} as const

/** Where a run is now. `remainingNs` is `null` until enough samples were seen to say. */
export const progressSchema = z.strictObject({
  stage: z.enum(['probing', 'preparing', 'ceiling', 'cooling', 'measuring']),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  remainingNs: nsSchema.nullable(),
  /** The stage in words: what is prepared, which sample is measured. */
  text: z.string(),
})
export type Progress = z.infer<typeof progressSchema>
