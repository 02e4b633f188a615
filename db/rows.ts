import { z } from 'zod'
import { identitySchema } from '../contract/engine.ts'
import { planSchema } from '../contract/plan.ts'
import { runSchema, runSummarySchema } from '../contract/run.ts'
import { markSchema, storedSampleSchema } from '../contract/sample.ts'
import { schemeIdSchema } from '../contract/schemes.ts'
import { bytesSchema } from '../contract/size.ts'
import { capabilitiesSchema, ceilingSchema } from '../contract/target.ts'
import type { Owner } from './owner.ts'

/** STRICT tables have no booleans: they are 0 and 1. */
const flag = z.literal([0, 1]).transform(value => value === 1)

/** A JSON column. */
export function json<T extends z.ZodType>(schema: T) {
  const text = z.string().transform((value, context): unknown => {
    try {
      return JSON.parse(value)
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' })
      return z.NEVER
    }
  })
  return text.pipe(schema)
}

/** Labels of a row that cannot be read are none: they are no part of what was measured. */
const labelColumns = {
  name: z.string().catch(''),
  note: z.string().catch(''),
  tags: json(z.array(z.string())).catch([]),
}

/** In place of labels that are not what was stored. */
export const damagedLabels = {
  name: '',
  note: 'The name, the note and the tags of this run are damaged in the database, and whether it was deleted.',
  tags: '[]',
}

export const identityColumn = json(identitySchema).nullable()
export const sizesColumn = json(z.array(bytesSchema))

/** Rows as SQLite returns them, parsed into the contract's types. */
export const runRow = runSchema.extend({
  plan: json(planSchema),
  capabilities: json(capabilitiesSchema).nullable(),
  capabilitiesAfter: json(capabilitiesSchema).nullable(),
  ceiling: json(ceilingSchema).nullable(),
})

/** The columns of a run but those of the store's own. */
export const runColumns = Object.keys(runSchema.shape)

/** `row` has all columns, or more. */
export function isReadableRun(row: unknown): boolean {
  const columns = new Map(Object.entries(Object(row)))
  return runRow.safeParse(Object.fromEntries(runColumns.map(name => [name, columns.get(name)]))).success
}

/** A list of runs needs no more of their plans. */
const planSchemes = z.looseObject({ schemes: z.array(schemeIdSchema) }).transform(({ schemes }) => schemes)

export const summaryRow = runSummarySchema.extend({
  ...labelColumns,
  damaged: z.literal(false),
  simulated: flag,
  imported: flag,
  schemes: json(planSchemes),
  sizesBytes: sizesColumn,
})

const counted = z.number().int().nonnegative().catch(0)
const { shape } = summaryRow

/** What a damaged row still tells of its run, which need not be true. */
export const damagedSummaryRow = z.object({
  id: shape.id,
  damaged: z.unknown().transform(() => true),
  uuid: shape.uuid.catch('00000000-0000-4000-8000-000000000000'),
  createdAt: shape.createdAt.catch('1970-01-01T00:00:00.000Z'),
  endedAt: shape.endedAt.catch(null),
  status: shape.status.catch('failed'),
  reason: z.unknown().transform(() => 'Its row is damaged in the database. It can be deleted.'),
  target: shape.target.catch('local'),
  ...labelColumns,
  title: z.unknown().transform(title => (typeof title === 'string' ? title : 'damaged')),
  simulated: shape.simulated.catch(false),
  imported: shape.imported.catch(false),
  schemes: shape.schemes.catch([]),
  sizesBytes: shape.sizesBytes.catch([]),
  samplesPlanned: counted,
  samplesDone: counted,
  samplesFailed: counted,
})

export const sampleRow = storedSampleSchema.extend({
  warmup: flag,
  cold: flag,
  direct: flag,
  verified: flag,
  simulated: flag,
  marks: json(z.array(markSchema)),
  figures: json(z.record(z.string(), z.number())),
})

export const ownerRow = z.strictObject({
  ownerPid: z.number().int(),
  ownerBootId: z.string().nullable(),
  ownerLock: z.string().nullable(),
})
type OwnerRow = z.infer<typeof ownerRow>

export function ownerOf({ ownerPid, ownerBootId, ownerLock }: OwnerRow): Owner {
  return { pid: ownerPid, bootId: ownerBootId, lock: ownerLock }
}

export function ownerColumns({ pid, bootId, lock }: Owner): OwnerRow {
  return { ownerPid: pid, ownerBootId: bootId, ownerLock: lock }
}

export const ownedRunRow = ownerRow.extend({
  id: z.number().int(),
  samplesPlanned: z.number().int(),
  samplesDone: z.number().int(),
})
export type OwnedRun = z.infer<typeof ownedRunRow>
