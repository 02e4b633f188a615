import { z } from 'zod'
import { runIdSchema, runSummarySchema } from './run.ts'
import { schemeIdSchema } from './schemes.ts'
import { bytesSchema } from './size.ts'

/** What a person calls a run, and what they note down about it. It is theirs, and part of no measurement. */
export const runNameSchema = z.string().trim().max(120, 'a name has at most 120 characters')
export const runNoteSchema = z.string().max(10_000, 'a note has at most 10,000 characters')
export const tagSchema = z
  .string()
  .min(1, 'a tag has a character or more')
  .max(40, 'a tag has at most 40 characters')
  .regex(/^[^\s,"]+$/u, 'a tag has no space, comma or quote in it')
export const mostTags = 32
const tags = z.array(tagSchema).max(mostTags, `at most ${mostTags} tags`)

/** What changes in the labels of some runs; what is left out stays. A tag is added or taken away, where it is not so. */
export const labelChangeSchema = z.strictObject({
  name: runNameSchema.optional(),
  note: runNoteSchema.optional(),
  addTags: tags.optional(),
  removeTags: tags.optional(),
})
export type LabelChange = z.infer<typeof labelChangeSchema>

/** A time ratio with its interval, and whether the pair's test, corrected for how the pair was chosen, bears it out. */
const shownRatio = {
  ratio: z.number(),
  low: z.number(),
  high: z.number(),
  confidence: z.number().min(0).max(1),
}

/** What the ledger says of a run in one line. */
export const runAnswerSchema = z.strictObject({
  /** The scheme with the least median at the largest size that has figures. */
  fastest: schemeIdSchema,
  bytes: bytesSchema,
  medianNs: z.number(),
  /** Its rate over the ceiling; `null` where there is no ceiling, or the figure cannot be. */
  ofCeiling: z.number().nullable(),
  /** The pair that the run's own answer is about; `null` where there is nothing to compare. */
  saved: z
    .strictObject({
      candidate: schemeIdSchema,
      baseline: schemeIdSchema,
      bytes: bytesSchema,
      ...shownRatio,
      shown: z.boolean(),
    })
    .nullable(),
})
export type RunAnswer = z.infer<typeof runAnswerSchema>

/** What the fastest scheme of a size takes for a GiB. */
export const sizeCostSchema = z.strictObject({
  bytes: bytesSchema,
  scheme: schemeIdSchema,
  nsPerGiB: z.number(),
})
export type SizeCost = z.infer<typeof sizeCostSchema>

/** A run set against its device's baseline. */
export const baselineChangeSchema = z.strictObject({
  baseline: runIdSchema,
  /** The cell that the ratio is of: the run's fastest, where the baseline has it, else the largest in common. */
  scheme: schemeIdSchema,
  bytes: bytesSchema,
  ...shownRatio,
  /** Cells that both have, and those that are slower or faster; each verdict is corrected for all of the cells (Holm). */
  cells: z.number().int().positive(),
  slower: z.number().int().nonnegative(),
  faster: z.number().int().nonnegative(),
})
export type BaselineChange = z.infer<typeof baselineChangeSchema>

/** A run as the ledger lists it. */
export const ledgerRowSchema = runSummarySchema.extend({
  /** What a baseline is pinned for: the target, or for an imported run of `local` the machine it says it is of. */
  device: z.string(),
  kernel: z.string().nullable(),
  gatherBytes: bytesSchema.nullable(),
  /** `false`: the answer is being worked out, and comes with a `ledgerChanged`. */
  isKnown: z.boolean(),
  answer: runAnswerSchema.nullable(),
  costs: z.array(sizeCostSchema),
  isBaseline: z.boolean(),
  /** `null` for the baseline itself, where the device has none, or where the two have no cell in common. */
  change: baselineChangeSchema.nullable(),
})
export type LedgerRow = z.infer<typeof ledgerRowSchema>

export const ledgerColumns = [
  'id',
  'createdAt',
  'name',
  'device',
  'kernel',
  'gatherBytes',
  'fastest',
  'saved',
  'ofCeiling',
  'change',
  'status',
] as const
export const ledgerSortSchema = z.strictObject({ column: z.enum(ledgerColumns), descending: z.boolean() })
export type LedgerColumn = (typeof ledgerColumns)[number]
export type LedgerSort = z.infer<typeof ledgerSortSchema>
export const newestFirst: LedgerSort = { column: 'id', descending: true }

/** Longer ones are no person's. */
export const ledgerFilterSchema = z.string().max(1000, 'a filter has at most 1000 characters')
export const mostRowsAtOnce = 500

/** Some rows of the ledger, as it is filtered and sorted (`findings/ledgerFilter.ts` has the words). */
export const ledgerWindowSchema = z.strictObject({
  filter: ledgerFilterSchema.default(''),
  sort: ledgerSortSchema.default(newestFirst),
  from: z.number().int().nonnegative().default(0),
  count: z.number().int().nonnegative().max(mostRowsAtOnce).default(100),
})
export type LedgerWindow = z.infer<typeof ledgerWindowSchema>

export const ledgerRowsSchema = z.strictObject({
  /** All runs, and those that the filter lets through. */
  total: z.number().int().nonnegative(),
  matching: z.number().int().nonnegative(),
  /** Ended runs whose answer is not known yet. */
  pending: z.number().int().nonnegative(),
  rows: z.array(ledgerRowSchema),
})
export type LedgerRows = z.infer<typeof ledgerRowsSchema>

export const facets = ['device', 'kernel', 'scheme', 'tag', 'status'] as const
export type Facet = (typeof facets)[number]
const facetValueSchema = z.strictObject({
  value: z.string(),
  title: z.string(),
  count: z.number().int().positive(),
})
/** How many of the filtered runs have what, the most frequent first. */
export const facetCountsSchema = z.record(z.enum(facets), z.array(facetValueSchema))
export type FacetCounts = z.infer<typeof facetCountsSchema>

/** One cell in one run. */
export const trendPointSchema = z.strictObject({
  runId: runIdSchema,
  createdAt: z.iso.datetime(),
  name: z.string(),
  kernel: z.string().nullable(),
  count: z.number().int().positive(),
  medianNs: z.number(),
  lowNs: z.number(),
  highNs: z.number(),
})
export type TrendPoint = z.infer<typeof trendPointSchema>
/** So many points fit a chart; of more, the newest. */
export const mostTrendPoints = 1000
