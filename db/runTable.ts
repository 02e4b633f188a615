import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { Identity } from '../contract/engine.ts'
import { fail } from '../contract/error.ts'
import { type LabelChange, mostTags } from '../contract/ledger.ts'
import type { Plan } from '../contract/plan.ts'
import { type Run, type RunSummary, runSummarySchema } from '../contract/run.ts'
import type { Sample } from '../contract/sample.ts'
import { targetKind } from '../contract/target.ts'
import type { Owner, Owners } from './owner.ts'
import {
  damagedLabels,
  damagedSummaryRow,
  identityColumn,
  type OwnedRun,
  ownedRunRow,
  ownerColumns,
  ownerOf,
  ownerRow,
  runColumns,
  runRow,
  sizesColumn,
  summaryRow,
} from './rows.ts'
import { changeSealed, columnsToCheck, isIntactRun, type RunPart, runParts, seal } from './runChecksums.ts'
import { prepared } from './statements.ts'
import { codeOf, isDamage, refuseDamaged } from './storeFailure.ts'

/** The schemes stand in the plan, which is read apart: SQLite's own reading of a cut one would fail the whole list. */
const summaryNames = Object.keys(runSummarySchema.shape).filter(name => name !== 'damaged')
const summaryColumns = summaryNames.map(name => (name === 'schemes' ? 'plan AS schemes' : name))
/** Two things tell that a run was deleted: a bit that flips in one of them does not delete it. */
const deletedOf = (run: string) => `(${run}.deletedAt IS NOT NULL AND ${run}.uuid = 'deleted-' || ${run}.id)`
const deleted = deletedOf('runs')
/** A time, which no flipped bit makes of nothing. */
const discardedOf = (run: string) => `(${run}.discardedAt IS NOT NULL AND ${run}.discardedAt GLOB '2*-*T*Z')`
/** Neither deleted nor discarded. */
export const inSightOf = (run: string) => `NOT ${deletedOf(run)} AND NOT ${discardedOf(run)}`
export const inSight = inSightOf('runs')

const selecting = (columns: readonly string[]) => `SELECT ${[...new Set(columns)].join(', ')} FROM runs`
/** What changes with every sample is told with every sample: what was found is left out. */
export const selectCounted = selecting([...summaryColumns, ...columnsToCheck(['checksum', 'labelsChecksum'])])
export const selectSummary = selecting([
  ...summaryColumns,
  ...columnsToCheck([...runParts, 'labelsChecksum']),
])
const selectRun = selecting([...runColumns, ...columnsToCheck(runParts)])

const countedRow = z.object({ sizesBytes: sizesColumn, samplesFailed: z.number() })

const takeOwnership = 'ownerPid = :ownerPid, ownerBootId = :ownerBootId, ownerLock = :ownerLock'
const dropOwnership = 'ownerPid = NULL, ownerBootId = NULL, ownerLock = NULL'

/** The runs' rows. Callers hold the transaction. */
export class RunTable {
  readonly #db: Database
  readonly #owners: Owners

  constructor(db: Database, owners: Owners) {
    this.#db = db
    this.#owners = owners
  }

  /** Adds a running run of this process, with no samples yet. */
  insert(run: NewRow): number {
    const now = new Date().toISOString()
    const row = {
      createdAt: now,
      changedAt: now,
      status: 'running',
      reason: '',
      samplesDone: 0,
      samplesFailed: 0,
      samplesStored: 0,
      ...run,
      target: run.plan.target,
      simulated: Number(targetKind(run.plan.target) === 'sim'),
      sizesBytes: JSON.stringify(run.plan.sizesBytes),
      plan: JSON.stringify(run.plan),
      ...ownerColumns(this.#owners.self()),
    }
    const columns = Object.keys(row)
    const sql = `INSERT INTO runs (${columns.join(', ')}) VALUES (${columns.map(name => `:${name}`).join(', ')})`
    const id = Number(this.#db.prepare(sql).run(row).lastInsertRowid)
    seal(this.#db, id)
    return id
  }

  /** @throws LabFailure `not-found`, or `store-corrupt` where the row is not what was stored. */
  get(runId: number): Run {
    const row = this.#db.prepare(`${selectRun} WHERE id = ? AND ${inSight}`).get(runId)
    if (row === undefined) noRun(runId)
    if (isDamagedRow(row)) refuseDamaged(`the row of run ${runId} is damaged in the database`)
    return runRow.parse(withOnly(runColumns, row))
  }

  /** @throws LabFailure `store-corrupt` where the database has not all samples that were stored. */
  checkAllStored(runId: number): void {
    const sql = `SELECT samplesStored - (SELECT count(*) FROM samples WHERE runId = runs.id) FROM runs WHERE id = ?`
    const missing = z.number().nullable().parse(this.#db.prepare(sql).pluck().get(runId))
    if (missing === null || missing === 0) return
    refuseDamaged(`run ${runId} has not the samples that were stored: the database is damaged`)
  }

  identity(runId: number): Identity | null {
    const text = this.#db.prepare('SELECT identity FROM runs WHERE id = ?').pluck().get(runId)
    return identityColumn.parse(text)
  }

  isImported(runId: number): boolean {
    return this.#db.prepare('SELECT imported FROM runs WHERE id = ?').pluck().get(runId) === 1
  }

  /** @throws LabFailure `not-found`. */
  summary(runId: number): RunSummary {
    return this.#summaryIfThere(runId) ?? noRun(runId)
  }

  /** As `summary`, without a look at what was found. @throws LabFailure `not-found`. */
  counted(runId: number): RunSummary {
    const row = prepared(this.#db, `${selectCounted} WHERE id = ? AND ${inSight}`).get(runId)
    return row === undefined ? noRun(runId) : readSummary(row)
  }

  /** The history. A run that only the index of the uuids still has is told as damaged. */
  summaries(): RunSummary[] {
    const rows = this.#db.prepare(`${selectSummary} WHERE ${inSight} ORDER BY id DESC`).all()
    const runs = rows.map(readSummary)
    const listed = new Set([...runs.map(({ id }) => id), ...this.#discardedIds()])
    const missing = this.#indexedIds().filter(id => !listed.has(id))
    return [...runs, ...missing.map(unreadableSummary)].sort((a, b) => b.id - a.id)
  }

  /** So many of the newest, and all that are running. */
  newestSummaries(count: number): RunSummary[] {
    const newest = `SELECT id FROM runs WHERE ${inSight} ORDER BY id DESC LIMIT ?`
    const sql = `${selectSummary} WHERE ${inSight} AND (status = 'running' OR id IN (${newest})) ORDER BY id DESC`
    return this.#db.prepare(sql).all(count).map(readSummary)
  }

  /** Of these runs those that are in sight. */
  summariesOf(runIds: readonly number[]): RunSummary[] {
    return runIds.flatMap(runId => this.#summaryIfThere(runId) ?? [])
  }

  #discardedIds(): number[] {
    const ids = this.#db.prepare(`SELECT id FROM runs WHERE ${discardedOf('runs')}`).pluck()
    return z.array(z.number()).parse(ids.all())
  }

  /** The same where a page of the table is damaged: run by run. Outside of a transaction, which damage would end. */
  readableSummaries(count = Number.POSITIVE_INFINITY): RunSummary[] {
    const newest = z
      .number()
      .catch(0)
      .parse(this.#db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'runs'").pluck().get())
    const indexed = new Set(unlessDamaged(() => this.#indexedIds()))
    for (const id of unlessDamaged(() => this.#discardedIds()) ?? []) indexed.delete(id)
    const summaries: RunSummary[] = []
    for (let id = newest; id > 0 && summaries.length < count; id--) {
      const summary = unlessDamaged(() => this.#summaryIfThere(id))
      if (summary === undefined || (summary === null && indexed.has(id)))
        summaries.push(unreadableSummary(id))
      else if (summary !== null) summaries.push(summary)
    }
    return summaries
  }

  #summaryIfThere(runId: number): RunSummary | null {
    const row = this.#db.prepare(`${selectSummary} WHERE id = ? AND ${inSight}`).get(runId)
    return row === undefined ? null : readSummary(row)
  }

  /** By their uuids alone, and so without the table. */
  #indexedIds(): number[] {
    const ids = this.#db
      .prepare("SELECT id FROM runs INDEXED BY sqlite_autoindex_runs_1 WHERE uuid NOT LIKE 'deleted-%'")
      .pluck()
    return z.array(z.number()).parse(ids.all())
  }

  /** @throws LabFailure `not-found`. */
  status(runId: number): string {
    const status = this.#db.prepare(`SELECT status FROM runs WHERE id = ? AND ${inSight}`).pluck().get(runId)
    return status === undefined ? noRun(runId) : String(status)
  }

  /** The folders that plans for a target named for generated files. A plan that cannot be read names none. */
  directoriesOf(target: string): string[] {
    const directory = "CASE WHEN json_valid(plan) THEN json_extract(plan, '$.directory') END"
    const sql = `SELECT DISTINCT ${directory} FROM runs WHERE target = ?`
    const named = this.#db.prepare(sql).pluck().all(target)
    return named.filter(each => typeof each === 'string')
  }

  /** The run of that name; one that is discarded is in the way of none and is deleted at once. */
  idOf(uuid: string): number | null {
    const row = this.#db.prepare('SELECT id, discardedAt FROM runs WHERE uuid = ?').get(uuid)
    const known = z.object({ id: z.number(), discardedAt: z.string().nullable() }).optional().parse(row)
    if (known === undefined) return null
    if (known.discardedAt === null) return known.id
    this.hide(known.id)
    return null
  }

  /** Changes columns of a running run. @throws LabFailure `not-found`, `store-failed` when it does not run. */
  change(runId: number, assignments: string, values: object, parts: readonly RunPart[] = runParts): void {
    const sql = `UPDATE runs SET ${assignments}, changedAt = :now WHERE id = :runId AND status = 'running'`
    const row = { ...values, runId, now: new Date().toISOString() }
    const { changes } = changeSealed(this.#db, { runId, parts }, () => prepared(this.#db, sql).run(row))
    if (changes === 1) return
    const { status } = this.summary(runId)
    fail('store-failed', `run ${runId} is ${status} and cannot change`, 'Resume it first.')
  }

  /** Keeps the run's counts and the sizes it met, so that the history never scans samples. */
  countSample(runId: number, sample: Sample): void {
    const known = prepared(this.#db, 'SELECT sizesBytes, samplesFailed FROM runs WHERE id = ?').get(runId)
    if (known === undefined) noRun(runId)
    const { sizesBytes: before, samplesFailed } = countedRow.parse(known)
    const sizes = new Set(before).add(sample.bytes)
    // A place counts once, as what was measured there last.
    const again = Number(samplesFailed > 0 && this.#hasFailed(runId, sample))
    this.change(
      runId,
      `samplesDone = samplesDone + :done, samplesFailed = samplesFailed + :failed, sizesBytes = :sizesBytes,
       samplesStored = samplesStored + 1 ${sizes.size > before.length ? ', searchText = NULL' : ''}`,
      {
        done: sample.status === 'cancelled' ? 0 : 1 - again,
        failed: sample.status === 'cancelled' ? 0 : Number(sample.status === 'failed') - again,
        sizesBytes: JSON.stringify([...sizes]),
      },
      ['checksum'],
    )
  }

  #hasFailed(runId: number, { scheme, bytes, warmup, repeat, setting }: Sample): boolean {
    const sql = `SELECT 1 FROM samples WHERE runId = :runId AND status = 'failed' AND scheme = :scheme
      AND bytes = :bytes AND warmup = :warmup AND repeat = :repeat AND setting IS :setting LIMIT 1`
    const place = { runId, scheme, bytes, warmup: Number(warmup), repeat, setting }
    return prepared(this.#db, sql).get(place) !== undefined
  }

  end(runId: number, end: Pick<Run, 'status' | 'reason' | 'endedAt'>): void {
    const assignments = `status = :status, reason = :reason, endedAt = :endedAt, searchText = NULL, ${dropOwnership}`
    this.change(runId, assignments, { status: end.status, reason: end.reason, endedAt: end.endedAt })
  }

  reopen(runId: number): void {
    const sql = `UPDATE runs SET status = 'running', reason = '', endedAt = NULL, searchText = NULL,
        changedAt = :now, ${takeOwnership}
      WHERE id = :runId`
    const row = { runId, now: new Date().toISOString(), ...ownerColumns(this.#owners.self()) }
    changeSealed(this.#db, { runId, parts: ['checksum'] }, () => this.#db.prepare(sql).run(row))
  }

  /** Runs left `running` by a process that is dead. Whose owner cannot be read may be alive. */
  orphans(): OwnedRun[] {
    const rows = this.#db
      .prepare(
        `SELECT id, samplesPlanned, samplesDone, ownerPid, ownerBootId, ownerLock
         FROM runs WHERE status = 'running'`,
      )
      .all()
    return rows
      .flatMap(row => ownedRunRow.safeParse(row).data ?? [])
      .filter(row => !this.#owners.isAlive(ownerOf(row)))
  }

  /** They ended when their last change was stored, as far as anyone knows. @returns their ids. */
  interrupt(orphans: readonly OwnedRun[]): number[] {
    for (const { id, ownerPid, samplesDone, samplesPlanned } of orphans) {
      const kept = `${samplesDone} of ${samplesPlanned} samples are kept`
      this.interruptAs(id, `the lab that ran it (pid ${ownerPid}) died; ${kept}`)
    }
    return orphans.map(({ id }) => id)
  }

  /** Takes a run from its lab, and lets its target go. */
  interruptAs(runId: number, reason: string): void {
    const interrupt = this.#db.prepare(
      `UPDATE runs SET status = 'interrupted', reason = :reason, endedAt = changedAt, searchText = NULL,
       ${dropOwnership}
       WHERE id = :runId`,
    )
    changeSealed(this.#db, { runId, parts: ['checksum'] }, () => interrupt.run({ runId, reason }))
    this.#db.prepare('DELETE FROM claims WHERE runId = ?').run(runId)
  }

  isRunning(runId: number): boolean {
    return this.#db.prepare("SELECT 1 FROM runs WHERE id = ? AND status = 'running'").get(runId) !== undefined
  }

  /** Whose a running run is; `null` where that cannot be read. */
  ownerOf(runId: number): Owner | null {
    const row = this.#db.prepare('SELECT ownerPid, ownerBootId, ownerLock FROM runs WHERE id = ?').get(runId)
    const owner = ownerRow.safeParse(row)
    return owner.success ? ownerOf(owner.data) : null
  }

  /** The locks of those who have runs under way. */
  lockNames(): string[] {
    const names = this.#db
      .prepare("SELECT ownerLock FROM runs WHERE status = 'running' AND ownerLock IS NOT NULL")
      .pluck()
    return z.array(z.string()).parse(names.all())
  }

  delete(runId: number): void {
    this.#db.prepare('DELETE FROM runs WHERE id = ?').run(runId)
  }

  /** Takes a run out of sight; what it holds goes later. Its uuid is free for the same run from a file. */
  hide(runId: number): void {
    const sql = "UPDATE runs SET deletedAt = :now, uuid = 'deleted-' || id WHERE id = :runId"
    this.#db.prepare(sql).run({ runId, now: new Date().toISOString() })
  }

  /** Takes a run out of sight until it is restored or deleted. */
  discard(runId: number): void {
    const sql = 'UPDATE runs SET discardedAt = :now WHERE id = :runId'
    const row = { runId, now: new Date().toISOString() }
    changeSealed(this.#db, { runId, parts: ['labelsChecksum'] }, () => this.#db.prepare(sql).run(row))
  }

  /** @returns whether it could still be restored. */
  restore(runId: number): boolean {
    const sql = `UPDATE runs SET discardedAt = NULL WHERE id = ? AND ${discardedOf('runs')} AND NOT ${deleted}`
    const restore = this.#db.prepare(sql)
    const { changes } = changeSealed(this.#db, { runId, parts: ['labelsChecksum'] }, () => restore.run(runId))
    return changes === 1
  }

  /** Runs that were discarded before then, ISO. */
  discardedBefore(then: string): number[] {
    const sql = `SELECT id FROM runs WHERE ${discardedOf('runs')} AND discardedAt < ? AND NOT ${deleted}`
    return z.array(z.number()).parse(this.#db.prepare(sql).pluck().all(then))
  }

  /** @throws LabFailure `not-found`, `bad-input` where there are too many tags then. */
  label(runId: number, { name, note, addTags = [], removeTags = [] }: LabelChange): void {
    const { tags: before, ...known } = this.summary(runId)
    const tags = [...new Set([...before, ...addTags])].filter(tag => !removeTags.includes(tag))
    if (tags.length > Math.max(mostTags, before.length)) {
      fail('bad-input', `run ${runId} would have ${tags.length} tags, more than ${mostTags}`, 'Remove some.')
    }
    const sql =
      'UPDATE runs SET name = :name, note = :note, tags = :tags, searchText = NULL WHERE id = :runId'
    this.#db
      .prepare(sql)
      .run({ runId, name: name ?? known.name, note: note ?? known.note, tags: JSON.stringify(tags) })
    // All of them are written anew: what was damaged is gone, and its note says so until there is another.
    seal(this.#db, runId, ['labelsChecksum'])
  }

  /** A run that is out of sight and not gone yet, but none of `except`; `null` where there is none. */
  hidden(except: readonly number[]): number | null {
    const ids = this.#db.prepare(`SELECT id FROM runs WHERE ${deleted}`).pluck().all()
    return (
      z
        .array(z.number())
        .parse(ids)
        .find(id => !except.includes(id)) ?? null
    )
  }
}

/** A row that is damaged is listed as what it still tells, so that it can be found and deleted. */
export function readSummary(row: unknown): RunSummary {
  const labels = isIntactRun(row, 'labelsChecksum') ? {} : damagedLabels
  const shown = { ...withOnly(summaryNames, row), ...labels, damaged: isDamagedRow(row) }
  const summary = summaryRow.safeParse(shown)
  return summary.success ? summary.data : damagedSummaryRow.parse(shown)
}

/** All that is known of a run whose row cannot be read. */
export function unreadableSummary(id: number): RunSummary {
  return damagedSummaryRow.parse({ ...withOnly(summaryNames, {}), id, damaged: true })
}

/** @returns `undefined` where the database is damaged there. */
function unlessDamaged<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (thrown) {
    if (isDamage(codeOf(thrown))) return undefined
    throw thrown
  }
}

/** In as many parts as were selected. */
function isDamagedRow(row: unknown): boolean {
  return runParts.some(part => !isIntactRun(row, part))
}

function withOnly(names: readonly string[], row: unknown): Record<string, unknown> {
  const columns = new Map(Object.entries(Object(row)))
  return Object.fromEntries(names.map(name => [name, columns.get(name)]))
}

/** A run to insert. JSON columns are given as text; the rest comes from the plan and from this process. */
export type NewRow = {
  readonly uuid: string
  readonly title: string
  readonly labVersion: string
  readonly plan: Plan
  readonly samplesPlanned: number
  readonly createdAt?: string
  readonly capabilities?: string | null
  readonly capabilitiesAfter?: string | null
  readonly ceiling?: string | null
  readonly imported?: 0 | 1
}

function noRun(runId: number): never {
  fail('not-found', `there is no run ${runId}`, 'List the runs to see which there are.')
}
