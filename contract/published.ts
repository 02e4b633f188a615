import { z } from 'zod'
import { schemeIdSchema } from './schemes.ts'
import { bytesSchema, nsSchema } from './size.ts'

/** One published figure, with what the simulation says of it. */
export const publishedCellSchema = z.strictObject({
  series: z.string(),
  /** `null`: the lab has no such scheme. */
  scheme: schemeIdSchema.nullable(),
  publishedName: z.string(),
  /** Bytes loaded in all. */
  bytes: bytesSchema,
  /** Buffers that they were loaded into, one after the other. */
  buffers: z.number().int().positive(),
  condition: z.string(),
  pressureBytes: bytesSchema,
  publishedNs: nsSchema,
  /** `null` where no simulation can speak about the figure; `why` says why. */
  simulatedNs: nsSchema.nullable(),
  /** simulated / published - 1. */
  error: z.number().nullable(),
  why: z.string(),
  /** Rank among the figures of the same series, size and condition that have a simulated time; 1 is the fastest. */
  publishedRank: z.number().int().positive().nullable(),
  simulatedRank: z.number().int().positive().nullable(),
})
export type PublishedCell = z.infer<typeof publishedCellSchema>

/** Two schemes of one series, size and condition whose published times differ by more than 6 %. */
export const orderedPairSchema = z.strictObject({
  series: z.string(),
  bytes: bytesSchema,
  condition: z.string(),
  faster: schemeIdSchema,
  slower: schemeIdSchema,
  kept: z.boolean(),
})
export type OrderedPair = z.infer<typeof orderedPairSchema>

export const publishedSeriesSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** Where it was measured, as its author tells. */
  setup: z.string(),
  profile: z.string(),
  cells: z.array(publishedCellSchema),
  pairs: z.array(orderedPairSchema),
  meanError: z.number().nullable(),
  worstError: z.number().nullable(),
  /** What does not fit together in the source itself, or in the comparison. */
  remarks: z.array(z.string()),
})
export type PublishedSeries = z.infer<typeof publishedSeriesSchema>

export const publishedTableSchema = z.array(publishedSeriesSchema)
