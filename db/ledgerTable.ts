import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import {
  type BaselineChange,
  baselineChangeSchema,
  type FacetCounts,
  facets,
  type LedgerColumn,
  type LedgerRow,
  type LedgerSort,
  mostTrendPoints,
  runAnswerSchema,
  sizeCostSchema,
  type TrendPoint,
  trendPointSchema,
} from '../contract/ledger.ts'
import type { RunSummary } from '../contract/run.ts'
import { type SchemeId, schemeIdSchema } from '../contract/schemes.ts'
import { formatSize } from '../contract/size.ts'
import { folded, type LedgerFilter } from '../findings/ledgerFilter.ts'
import { type DigestCell, digestVersion, type RunDigest, sizeCosts } from '../findings/runDigest.ts'
import { checksumOf } from './checksum.ts'
import { searchTextOf, valuesIn, whereOf } from './ledgerWhere.ts'
import { json } from './rows.ts'
import {
  inSight,
  inSightOf,
  readSummary,
  selectCounted,
  selectSummary,
  unreadableSummary,
} from './runTable.ts'
import { prepared } from './statements.ts'

/** What a baseline is pinned for: an imported `local` is the machine that its title names. */
const deviceOf = (run: string) =>
  `CASE WHEN ${run}.target = 'local' AND ${run}.imported = 1 THEN ${run}.title ELSE ${run}.target END`

type Sources = { readonly runs: string; readonly answers: string; readonly changes: string }

/** Only what holds for the run as it is now: an answer to other samples is none. */
const joinedTo = ({ runs, answers, changes }: Sources) => `${runs}
  LEFT JOIN ${answers} ON a.runId = r.id AND a.changedAt = r.changedAt AND a.version = ${digestVersion}
  LEFT JOIN baselines b ON b.device = ${deviceOf('r')}
    AND EXISTS (SELECT 1 FROM runs p WHERE p.id = b.runId AND ${inSightOf('p')})
  LEFT JOIN ${changes} ON c.runId = r.id AND c.baseline = b.runId AND c.changedAt = ${changeBasis('r', 'b')}`
const joined = joinedTo({ runs: 'runs r', answers: 'answers a', changes: 'changes c' })
/** For all runs at once: the indexes have what is looked at, and the rows are long. */
const listed = joinedTo({
  runs: 'runs r INDEXED BY runsListed',
  answers: 'answers a INDEXED BY answersListed',
  changes: 'changes c INDEXED BY changesListed',
})

function changeBasis(run: string, baseline: string): string {
  return `${run}.changedAt || ' ' || (SELECT p.changedAt FROM runs p WHERE p.id = ${baseline}.runId)`
}

const orders: Record<LedgerColumn, string> = {
  id: 'r.id',
  createdAt: 'r.createdAt',
  name: "nullif(folded(r.name), '')",
  device: 'folded(r.title)',
  kernel: 'r.kernel',
  gatherBytes: 'r.gatherBytes',
  fastest: 'a.fastest',
  saved: 'a.saved',
  ofCeiling: 'a.ofCeiling',
  change: 'c.ratio',
  status: 'r.status',
}

/** What stands in a JSON column, or null where that is damaged. */
function readableJson(column: string, path: string): string {
  return `CASE WHEN json_valid(${column}) THEN json_extract(${column}, '${path}') END`
}

const unsearchable = z.object({
  kernel: z.string().nullable().catch(null),
  gatherBytes: z.number().nullable().catch(null),
  device: z.string().catch(''),
})

const ledgerColumnsRow = z.object({
  device: z.string().catch(''),
  kernel: z.string().nullable().catch(null),
  gatherBytes: z.number().nullable().catch(null),
  isKnown: z.number(),
  answerSaid: z.string().nullable(),
  answerChecksum: z.number().nullable(),
  isBaseline: z.number(),
  changeSaid: z.string().nullable(),
  changeChecksum: z.number().nullable(),
})

const answerSaidSchema = z.strictObject({
  answer: runAnswerSchema.nullable(),
  costs: z.array(sizeCostSchema),
})
const changeSaidSchema = baselineChangeSchema.nullable()
const nothingSaid = { answer: null, costs: [] }

/** What was kept to be shown; nothing of a damaged run, or where it is not what was kept. */
function saidAs<T>(
  schema: z.ZodType<T>,
  isSound: boolean,
  said: string | null,
  checksum: number | null,
): T | undefined {
  if (!isSound || !isWhole(said, checksum)) return undefined
  return json(schema).safeParse(said).data
}

function isWhole(said: string | null, checksum: number | null): boolean {
  return said !== null && checksumOf([said]) === checksum
}

const cellColumns = [
  'runId',
  'scheme',
  'bytes',
  'count',
  'medianNs',
  'lowNs',
  'highNs',
  'confidence',
  'totals',
] as const

const storedCellRow = z.record(z.string(), z.unknown())
const trendRow = z.looseObject(trendPointSchema.omit({ createdAt: true, name: true }).shape)

function cellChecksum(row: Readonly<Record<string, unknown>>): number {
  return checksumOf(cellColumns.map(name => row[name]))
}

/** Whether a cell is what was kept, as far as its lab noted that down. */
function isIntactCell(row: Readonly<Record<string, unknown>>): boolean {
  return row.checksum === null || row.checksum === cellChecksum(row)
}

const ids = z.array(z.number().int())
const costRow = z.object({ scheme: schemeIdSchema, bytes: z.number(), medianNs: z.number() })
const cellRow = costRow.extend({
  count: z.number(),
  lowNs: z.number(),
  highNs: z.number(),
  confidence: z.number(),
  totals: json(z.array(z.number())),
})

/** A run of which nothing more is known. */
export function bareRow(summary: RunSummary): LedgerRow {
  return {
    ...summary,
    device: summary.target,
    kernel: null,
    gatherBytes: null,
    isKnown: true,
    answer: null,
    costs: [],
    isBaseline: false,
    change: null,
  }
}

/** A run that is set against its device's baseline, and what both were when that was found out. */
export type ChangeTask = { readonly runId: number; readonly baseline: number }

/** What the ledger keeps of each run beside its row. Callers hold the transaction. */
export class LedgerTable {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
    db.function('folded', { deterministic: true }, text => folded(String(text)))
    db.function('schemesIn', { deterministic: true }, text =>
      JSON.stringify(valuesIn(String(text), 'scheme')),
    )
  }

  /** So many of the runs that {@link makeSearchable} has something to do with, the newest first. */
  unsearchable(count: number): number[] {
    const sql = 'SELECT id FROM runs WHERE searchText IS NULL ORDER BY id DESC LIMIT ?'
    return ids.parse(this.#db.prepare(sql).pluck().all(count))
  }

  /** Those of them that it has something to do with. */
  unsearchableAmong(runIds: readonly number[]): number[] {
    const select = this.#db.prepare('SELECT 1 FROM runs WHERE id = ? AND searchText IS NULL')
    return runIds.filter(id => select.get(id) !== undefined)
  }

  /** Brings up to date what filters look at. */
  makeSearchable(runIds: readonly number[]): void {
    // Taken out of the long columns by SQLite: to read all of a machine's description costs most of the time.
    const select = this.#db.prepare(
      `SELECT ${readableJson('capabilities', '$.environment.kernel')} AS kernel,
         ${readableJson('plan', '$.gatherBytes')} AS gatherBytes,
         ${deviceOf('runs')} AS device FROM runs WHERE id = ?`,
    )
    const selectRun = this.#db.prepare(`${selectCounted} WHERE id = ?`)
    const update = this.#db.prepare(
      'UPDATE runs SET kernel = :kernel, gatherBytes = :gatherBytes, searchText = :text WHERE id = :id',
    )
    for (const id of runIds) {
      const { kernel, gatherBytes, device } = unsearchable.parse(select.get(id))
      const text = searchTextOf(searchableOf(readSummary(selectRun.get(id)), device, kernel))
      update.run({ id, kernel, gatherBytes, text })
    }
  }

  /** The ids of all runs that a filter lets through, in their order; what is not known comes last. */
  ids(filter: LedgerFilter, { column, descending }: LedgerSort): number[] {
    const where = whereOf(filter)
    const by = orders[column]
    const sql = `SELECT r.id FROM ${listed} WHERE ${inSightOf('r')} AND ${where.sql}
      ORDER BY (${by}) IS NULL, ${by} ${descending ? 'DESC' : 'ASC'}, r.id DESC`
    return ids.parse(this.#db.prepare(sql).pluck().all(where.values))
  }

  count(): number {
    return this.#number(`SELECT count(*) FROM runs INDEXED BY runsListed WHERE ${inSight}`)
  }

  rows(runIds: readonly number[]): LedgerRow[] {
    // Named here: a letter of another case in the schema's text is the same column under another name.
    const select = this.#db.prepare(
      `SELECT ${deviceOf('r')} AS device, r.kernel AS kernel, r.gatherBytes AS gatherBytes, a.runId IS NOT NULL AS isKnown,
         a.said AS answerSaid, a.checksum AS answerChecksum,
         coalesce(b.runId = r.id, 0) AS isBaseline,
         c.said AS changeSaid, c.checksum AS changeChecksum FROM ${joined} WHERE r.id = ?`,
    )
    const summary = this.#db.prepare(`${selectSummary} WHERE id = ?`)
    return runIds.map(runId => {
      const stored = summary.get(runId)
      // The index has a run that the table has lost.
      if (stored === undefined) return bareRow(unreadableSummary(runId))
      const { isKnown, isBaseline, device, kernel, gatherBytes, ...said } = ledgerColumnsRow.parse(
        select.get(runId),
      )
      const run = readSummary(stored)
      const isSound = !run.damaged
      const answerSaid = saidAs(answerSaidSchema, isSound, said.answerSaid, said.answerChecksum)
      const { answer, costs } = answerSaid ?? nothingSaid
      return {
        ...run,
        ...{ device, kernel, gatherBytes, answer, costs },
        isKnown: (isKnown === 1 && answerSaid !== undefined) || run.damaged,
        isBaseline: isBaseline === 1,
        change: saidAs(changeSaidSchema, isSound, said.changeSaid, said.changeChecksum) ?? null,
      }
    })
  }

  /** Ended runs in sight whose answer, or whose change against the baseline, is not known as they are now. */
  pending(): number {
    return this.#number(`SELECT count(*) FROM ${listed} WHERE ${this.#isPending()}`)
  }

  /** So many of them, the newest first. */
  pendingIds(count: number): number[] {
    const sql = `SELECT r.id FROM ${listed} WHERE ${this.#isPending()} ORDER BY r.id DESC LIMIT ?`
    return ids.parse(this.#db.prepare(sql).pluck().all(count))
  }

  #isPending(): string {
    const unjudged = 'b.runId IS NOT NULL AND b.runId <> r.id AND c.runId IS NULL'
    return `${inSightOf('r')} AND r.status <> 'running' AND (a.runId IS NULL OR (${unjudged}))`
  }

  /** What is to be worked out of a run: its answer, or only how it changed. What was kept and is damaged is, too. */
  taskOf(runId: number): { readonly answer: string | null; readonly change: ChangeTask | null } {
    const row = this.#db
      .prepare(
        `SELECT r.changedAt, b.runId AS baseline, a.said AS answerSaid, a.checksum AS answerChecksum,
           c.said AS changeSaid, c.checksum AS changeChecksum FROM ${joined} WHERE r.id = ?`,
      )
      .get(runId)
    const task = taskRow.optional().parse(row)
    if (task === undefined) return { answer: null, change: null }
    const { baseline, changedAt } = task
    const isKnown = isWhole(task.answerSaid, task.answerChecksum) && this.#hasIntactCells(runId)
    const isJudged = isWhole(task.changeSaid, task.changeChecksum)
    const against = baseline === null || baseline === runId || isJudged ? null : { runId, baseline }
    return { answer: isKnown ? null : changedAt, change: isKnown ? against : null }
  }

  /** `changedAt` of the run whose samples the digest is of. */
  storeDigest(runId: number, changedAt: string, { answer, cells }: RunDigest): void {
    const said = JSON.stringify({ answer, costs: sizeCosts(cells) })
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO answers (runId, changedAt, version, fastest, saved, ofCeiling, said, checksum)
         SELECT id, :changedAt, ${digestVersion}, 
           :fastest, :saved, :ofCeiling, :said, :checksum FROM runs WHERE id = :runId`,
      )
      .run({
        runId,
        changedAt,
        fastest: answer?.fastest ?? null,
        saved: answer?.saved == null ? null : 1 - answer.saved.ratio,
        ofCeiling: answer?.ofCeiling ?? null,
        ...{ said, checksum: checksumOf([said]) },
      })
    this.#db.prepare('DELETE FROM cells WHERE runId = ?').run(runId)
    const insert = this.#db.prepare(
      `INSERT INTO cells (${cellColumns.join(', ')}, checksum)
       SELECT ${cellColumns.map(name => (name === 'runId' ? 'id' : `:${name}`)).join(', ')}, :checksum
       FROM runs WHERE id = :runId`,
    )
    for (const cell of cells) {
      const row = { ...cell, runId, totals: JSON.stringify(cell.totals) }
      insert.run({ ...row, checksum: cellChecksum(row) })
    }
  }

  /** `null`: the two have no cell in common. */
  storeChange({ runId, baseline }: ChangeTask, change: BaselineChange | null): void {
    const said = JSON.stringify(change)
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO changes (runId, baseline, changedAt, ratio, slower, faster, said, checksum)
         SELECT r.id, b.runId, ${changeBasis('r', 'b')}, :ratio, :slower, :faster,
           :said, :checksum
         FROM runs r JOIN (SELECT :baseline AS runId) b WHERE r.id = :runId`,
      )
      .run({
        runId,
        baseline,
        ratio: change?.ratio ?? null,
        slower: change?.slower ?? 0,
        faster: change?.faster ?? 0,
        ...{ said, checksum: checksumOf([said]) },
      })
  }

  /** But those that are not what was kept; {@link taskOf} has them worked out again. */
  cellsOf(runId: number): DigestCell[] {
    return this.#storedCells(runId)
      .filter(isIntactCell)
      .map(row => cellRow.parse(row))
  }

  #hasIntactCells(runId: number): boolean {
    return this.#storedCells(runId).every(isIntactCell)
  }

  #storedCells(runId: number) {
    const sql = `SELECT ${cellColumns.join(', ')}, checksum FROM cells WHERE runId = ?`
    return z.array(storedCellRow).parse(this.#db.prepare(sql).all(runId))
  }

  answerOf(runId: number): RunDigest['answer'] {
    const row = this.#db.prepare('SELECT said, checksum FROM answers WHERE runId = ?').get(runId)
    const kept = z.object({ said: z.string(), checksum: z.number() }).optional().parse(row)
    return (kept && saidAs(answerSaidSchema, true, kept.said, kept.checksum)?.answer) ?? null
  }

  deviceOf(runId: number): string | null {
    const device = this.#db
      .prepare(`SELECT ${deviceOf('r')} FROM runs r WHERE r.id = ? AND ${inSightOf('r')}`)
      .pluck()
      .get(runId)
    return z.string().optional().parse(device) ?? null
  }

  /** The newest ended run of a device that has a figure. */
  newestOf(device: string): number | null {
    const sql = `SELECT r.id FROM ${joined} WHERE ${inSightOf('r')} AND ${deviceOf('r')} = ? AND r.status <> 'running'
      AND (a.runId IS NULL OR a.fastest IS NOT NULL) AND r.samplesDone > r.samplesFailed ORDER BY r.id DESC LIMIT 1`
    return z.number().optional().parse(this.#db.prepare(sql).pluck().get(device)) ?? null
  }

  pin(runId: number): void {
    this.#db
      .prepare(`INSERT OR REPLACE INTO baselines SELECT ${deviceOf('r')}, r.id FROM runs r WHERE r.id = ?`)
      .run(runId)
  }

  unpin(runId: number): void {
    this.#db.prepare('DELETE FROM baselines WHERE runId = ?').run(runId)
  }

  /** Without the runs that are damaged, and with the ids of those whose cell is, and is to be worked out again. */
  trend(device: string, scheme: SchemeId, bytes: number): { points: TrendPoint[]; unknown: number[] } {
    const sql = `SELECT r.kernel, ${cellColumns.map(name => `k.${name}`).join(', ')}, k.checksum
      FROM cells k JOIN runs r ON r.id = k.runId
      WHERE k.scheme = ? AND k.bytes = ? AND ${inSightOf('r')} AND ${deviceOf('r')} = ?
      ORDER BY k.runId DESC LIMIT ${mostTrendPoints}`
    const rows = z.array(trendRow).parse(this.#db.prepare(sql).all(scheme, bytes, device))
    const summary = prepared(this.#db, `${selectCounted} WHERE id = ?`)
    const points = rows.filter(isIntactCell).flatMap(row => {
      const { damaged, createdAt, name } = readSummary(summary.get(row.runId))
      const { runId, kernel, count, medianNs, lowNs, highNs } = row
      return damaged ? [] : [{ runId, createdAt, name, kernel, count, medianNs, lowNs, highNs }]
    })
    const unknown = rows.filter(row => !isIntactCell(row)).map(({ runId }) => runId)
    return { points: points.reverse(), unknown }
  }

  /** How many of the filtered runs have what. */
  facets(filter: LedgerFilter): FacetCounts {
    const where = whereOf(filter)
    const from = `FROM ${listed} WHERE ${inSightOf('r')} AND ${where.sql}`
    const counted = facets.map(facet => {
      const sql = `SELECT value, max(title) AS title, count(*) AS count FROM (${facetValues[facet](from)})
        WHERE value IS NOT NULL GROUP BY value ORDER BY count DESC, value LIMIT ${mostFacetValues}`
      const rows = this.#db.prepare(sql).all(where.values)
      return [facet, rows.map(row => facetRow.parse(row))] as const
    })
    return facetCounts.parse(Object.fromEntries(counted))
  }

  #number(sql: string): number {
    return z.number().parse(this.#db.prepare(sql).pluck().get())
  }
}

const taskRow = z.object({
  changedAt: z.string(),
  baseline: z.number().nullable(),
  answerSaid: z.string().nullable(),
  answerChecksum: z.number().nullable(),
  changeSaid: z.string().nullable(),
  changeChecksum: z.number().nullable(),
})

const mostFacetValues = 50
const facetRow = z.object({ value: z.string(), title: z.string(), count: z.number() })
const facetCounts = z.record(z.enum(facets), z.array(facetRow))

/** A row for each value that a run has; tags cannot be read where they are damaged. */
const facetValues: Record<(typeof facets)[number], (from: string) => string> = {
  device: from => `SELECT ${deviceOf('r')} AS value, r.title ${from}`,
  kernel: from => `SELECT r.kernel AS value, r.kernel AS title ${from}`,
  status: from => `SELECT r.status AS value, r.status AS title ${from}`,
  scheme: from => listItems(from, 'schemesIn(r.searchText)'),
  tag: from => listItems(from, "CASE WHEN r.tags <> '[]' AND json_valid(r.tags) THEN r.tags END"),
}

function listItems(from: string, array: string): string {
  return `SELECT e.value, e.value AS title FROM (SELECT ${array} AS list ${from}), json_each(list) e`
}

function searchableOf(run: RunSummary, device: string, kernel: string | null) {
  const sizes = run.sizesBytes.map(bytes => formatSize(bytes))
  const origin = [run.simulated ? 'simulated' : 'measured', ...(run.imported ? ['imported'] : [])]
  return {
    words: [`#${run.id}`, run.name, run.note, run.title, run.status, run.reason, ...origin, ...sizes],
    fields: {
      scheme: run.schemes,
      tag: run.tags,
      kernel: kernel === null ? [] : [kernel],
      size: run.sizesBytes.map(String),
      device: [...new Set([device, run.target, run.title])],
    },
  }
}
