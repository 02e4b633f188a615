import { z } from 'zod'
import { runIdSchema } from './run.ts'
import { schemeIdSchema } from './schemes.ts'
import { bytesSchema } from './size.ts'

/** Median of a scheme's totals at a size, with the interval that covers it with probability `confidence`. */
export const cellSummarySchema = z.strictObject({
  count: z.number().int().positive(),
  medianNs: z.number(),
  lowNs: z.number(),
  highNs: z.number(),
  confidence: z.number().min(0).max(1),
})
export type CellSummary = z.infer<typeof cellSummarySchema>

/** `~`: the interval spans 1. It does not say that the two are equal. */
export const verdictSchema = z.enum(['faster', 'slower', '~'])

/** The candidate's time over the baseline's, and what its interval says. */
export const ratioSchema = z.strictObject({
  ratio: z.number(),
  low: z.number(),
  high: z.number(),
  /** Coverage of [low, high] for this pair alone. */
  confidence: z.number().min(0).max(1),
  pValue: z.number().min(0).max(1),
  /** Holm-adjusted for all comparisons of the two runs: for a pair that is picked among them. */
  adjustedPValue: z.number().min(0).max(1),
  verdict: verdictSchema,
})

/** One scheme at one size; `null` on the side that has no figure, and no ratio then. */
export const comparisonRowSchema = z.strictObject({
  scheme: schemeIdSchema,
  bytes: bytesSchema,
  baseline: cellSummarySchema.nullable(),
  candidate: cellSummarySchema.nullable(),
  ratio: ratioSchema.nullable(),
})
export type ComparisonRow = z.infer<typeof comparisonRowSchema>

/** Something other than the schemes that is not the same in both runs, in words. */
export const differenceSchema = z.strictObject({
  what: z.string(),
  baseline: z.string(),
  candidate: z.string(),
})
export type Difference = z.infer<typeof differenceSchema>

/** Two runs beside each other; `candidate` is judged against `baseline`. */
export const comparisonSchema = z.strictObject({
  baseline: runIdSchema,
  candidate: runIdSchema,
  rows: z.array(comparisonRowSchema),
  /** How many pairs were tested; the p-values are corrected for it. */
  comparisons: z.number().int().nonnegative(),
  differences: z.array(differenceSchema),
  /** What must be known before any row is believed. */
  warnings: z.array(z.string()),
})
export type RunComparison = z.infer<typeof comparisonSchema>

/** What is set beside others: a run, one scheme of it, or the newest run of a device that has figures. */
export const sideSchema = z.union([
  z.strictObject({ runId: runIdSchema, scheme: schemeIdSchema.nullable() }),
  z.strictObject({ device: z.string().min(1).max(512), scheme: schemeIdSchema.nullable() }),
])
export type Side = z.infer<typeof sideSchema>
export const mostSides = 8
export const sidesSchema = z.array(sideSchema).min(2, 'a comparison takes two or more').max(mostSides)

const oneEach = <T extends z.ZodType>(schema: T) => z.array(schema.nullable())

/** Several sides, each judged against the first of them. In a row and a difference each side has its place. */
export const sidesComparisonSchema = z.strictObject({
  sides: z.array(
    z.strictObject({
      runId: runIdSchema,
      scheme: schemeIdSchema.nullable(),
      /** What tells it from the other sides. */
      title: z.string(),
      device: z.string(),
      simulated: z.boolean(),
    }),
  ),
  rows: z.array(
    z.strictObject({
      /** `null` where schemes are the sides. */
      scheme: schemeIdSchema.nullable(),
      bytes: bytesSchema,
      cells: oneEach(cellSummarySchema),
      /** Against the first side, whose own place is `null`. */
      ratios: oneEach(ratioSchema),
    }),
  ),
  comparisons: z.number().int().nonnegative(),
  differences: z.array(z.strictObject({ what: z.string(), values: z.array(z.string()) })),
  warnings: z.array(z.string()),
})
export type SidesComparison = z.infer<typeof sidesComparisonSchema>
export type SidesRow = SidesComparison['rows'][number]

export const comparisonFormats = ['csv', 'json', 'markdown', 'text', 'html', 'svg'] as const
export const comparisonFormatSchema = z.enum(comparisonFormats)
export type ComparisonFormat = z.infer<typeof comparisonFormatSchema>
/** How a comparison is exported. */
export const comparisonExportRequest = { sides: sidesSchema, format: comparisonFormatSchema } as const
