import { z } from 'zod'
import { readersSchema } from './plan.ts'
import { parameterSpecs, profileNameSchema, profileSchema } from './profile.ts'
import { schemeIdSchema } from './schemes.ts'
import { bytesSchema, nsSchema } from './size.ts'

/** Values that replace a profile's for one question: what if the storage were twice as fast? */
const whatIfSchema = z.record(z.string(), z.number()).superRefine((values, context) => {
  for (const id of Object.keys(values)) {
    if (!(id in parameterSpecs)) context.addIssue(`no profile has a parameter "${id}"`)
  }
})

const conditions = {
  profile: profileNameSchema,
  whatIf: whatIfSchema.default({}),
  readers: readersSchema.default(1),
  pressureBytes: bytesSchema.default(0),
}

export const predictionRequestSchema = z.strictObject({
  ...conditions,
  schemes: z.array(schemeIdSchema).min(1).max(64),
  sizesBytes: z.array(bytesSchema.positive('a size must be above zero')).min(1).max(64),
  /** `null`: the lab's default, or the whole file where that is smaller. */
  gatherBytes: bytesSchema.positive('a gather must be above zero').nullable().default(null),
})
export type PredictionRequest = z.infer<typeof predictionRequestSchema>

/** What a profile says of one scheme at one size, without noise. Times in ns; `null` where the load has no such time. */
export const predictionSchema = z.strictObject({
  scheme: schemeIdSchema,
  bytes: bytesSchema,
  /** Why the load is refused, or empty. */
  reason: z.string(),
  totalNs: nsSchema.nullable(),
  allocNs: nsSchema.nullable(),
  readNs: nsSchema.nullable(),
  serialSumNs: nsSchema.nullable(),
  overlappedBoundNs: nsSchema.nullable(),
  /** Fraction of the possible overlap that was won; `null` for a serial scheme. */
  overlapWon: z.number().nullable(),
  /** Serial sum with one gather for the whole file, less the serial sum with the gathers asked for. */
  batchingGainNs: z.number().int().nullable(),
  /** Serial sum less total, with the gathers asked for. */
  overlapGainNs: z.number().int().nullable(),
})
export type Prediction = z.infer<typeof predictionSchema>

export const gatherRequestSchema = z.strictObject({
  ...conditions,
  scheme: schemeIdSchema,
  bytes: bytesSchema.positive('a size must be above zero'),
})
export type GatherRequest = z.infer<typeof gatherRequestSchema>

/** The best gather size, and from where to where it does not matter (within 2 % of the best). */
export const gatherSweepSchema = z.strictObject({
  points: z.array(z.strictObject({ gatherBytes: bytesSchema, totalNs: nsSchema })),
  bestBytes: bytesSchema,
  bestNs: nsSchema,
  flatFromBytes: bytesSchema,
  flatToBytes: bytesSchema,
})
export type GatherSweep = z.infer<typeof gatherSweepSchema>

const calibrationCellSchema = z.strictObject({
  scheme: schemeIdSchema,
  bytes: bytesSchema,
  /** Median of the run. */
  measuredNs: nsSchema,
  simulatedNs: nsSchema,
  /** simulated / measured - 1. */
  error: z.number(),
})

export const calibrationSchema = z.strictObject({
  profile: profileSchema,
  cells: z.array(calibrationCellSchema),
  /** Every size in turn, predicted by a fit to the others. */
  leftOut: z.array(
    z.strictObject({
      bytes: bytesSchema,
      cells: z.array(calibrationCellSchema),
      meanError: z.number(),
      worstError: z.number(),
    }),
  ),
  /** What must be said of the fit before it is used, or empty. The profile's title and notes say it, too. */
  warning: z.string(),
})
export type Calibration = z.infer<typeof calibrationSchema>
