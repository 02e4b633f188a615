import { z } from 'zod'
import { cellSummarySchema, sidesComparisonSchema } from '../../../contract/comparison.ts'
import { labErrorSchema } from '../../../contract/error.ts'
import { baselineChangeSchema, runAnswerSchema } from '../../../contract/ledger.ts'
import { runIdSchema } from '../../../contract/run.ts'
import { schemeIdSchema } from '../../../contract/schemes.ts'

const cells = z
  .array(
    cellSummarySchema.safeExtend({
      scheme: schemeIdSchema,
      bytes: z.number(),
      totals: z.array(z.number()).readonly(),
    }),
  )
  .readonly()
const digest = z.strictObject({ answer: runAnswerSchema.nullable(), cells })

/** What the thread works out, each from what it reads itself or gets along, and what comes of it. */
const jobs = {
  digest: {
    input: z.strictObject({ runId: runIdSchema }),
    /** `changedAt`: the state of the run whose samples these are. */
    output: z.strictObject({ changedAt: z.string(), digest }),
  },
  change: {
    input: z.strictObject({ run: digest, baseline: z.strictObject({ id: runIdSchema, cells }) }),
    output: baselineChangeSchema.nullable(),
  },
  compare: {
    input: z.strictObject({
      sides: z.array(
        z.strictObject({ runId: runIdSchema, scheme: schemeIdSchema.nullable(), device: z.string() }),
      ),
    }),
    output: sidesComparisonSchema,
  },
} as const
export type JobName = keyof typeof jobs
export type JobInput<J extends JobName> = z.infer<(typeof jobs)[J]['input']>
export type JobOutput<J extends JobName> = z.infer<(typeof jobs)[J]['output']>

export const jobSchemas: {
  readonly [J in JobName]: { readonly output: z.ZodType<JobOutput<J>> }
} = jobs

export const jobSchema = z.discriminatedUnion('name', [
  z.strictObject({ id: z.number(), name: z.literal('digest'), input: jobs.digest.input }),
  z.strictObject({ id: z.number(), name: z.literal('change'), input: jobs.change.input }),
  z.strictObject({ id: z.number(), name: z.literal('compare'), input: jobs.compare.input }),
])
export type Job = z.infer<typeof jobSchema>

/** In the place of the id of the job that nobody waits for any more. */
export const allJobs = -1

/** What the thread says: how far it is, and one end for each job. */
export const newsSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), id: z.number(), done: z.number(), total: z.number() }),
  z.strictObject({ type: z.literal('done'), id: z.number(), output: z.unknown() }),
  z.strictObject({ type: z.literal('failed'), id: z.number(), error: labErrorSchema }),
])
export type News = z.infer<typeof newsSchema>

/** What the thread is told at its start. `unwanted` holds the id of the job that nobody waits for any more. */
export const threadDataSchema = z.strictObject({
  databaseFile: z.string(),
  unwanted: z.instanceof(SharedArrayBuffer),
})
export type ThreadData = z.infer<typeof threadDataSchema>
