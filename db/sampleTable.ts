import type { Database, Statement } from 'better-sqlite3'
import { z } from 'zod'
import { fail } from '../contract/error.ts'
import type { SampleWindow } from '../contract/run.ts'
import {
  type Sample,
  type Span,
  type StoredSample,
  sampleColumns,
  spanSchema,
  storedSampleSchema,
} from '../contract/sample.ts'
import { checksumOf } from './checksum.ts'
import { sampleRow } from './rows.ts'
import { inSight } from './runTable.ts'
import { refuseDamaged } from './storeFailure.ts'

const quoted = (names: readonly string[]) => names.map(name => `"${name}"`).join(', ')
const bound = (names: readonly string[]) => names.map(name => `:${name}`).join(', ')

const checked = ['runId', 'index', ...sampleColumns, 'figures'] as const
const written = [...checked, 'checksum', 'spansChecksum'] as const
const read = [...Object.keys(storedSampleSchema.shape), 'runId', 'checksum']
const spanColumns = Object.keys(spanSchema.shape)

/** So few that another lab's sample waits for milliseconds. */
const spansAtOnce = 4000
const samplesAtOnce = 500

/** SQLite takes a negative limit for none. */
const wholeRun: SampleWindow = { from: 0, count: -1 }

/** Samples and their spans. Callers hold the transaction. */
export class SampleTable {
  readonly #insertSample: Statement
  readonly #insertSpan: Statement
  readonly #nextIndex: Statement
  readonly #samplesOfRun: Statement
  readonly #spansOfSample: Statement
  readonly #spansChecksum: Statement
  readonly #storedOfRun: Statement
  readonly #deleteSpans: Statement
  readonly #deleteSamples: Statement

  constructor(db: Database) {
    this.#insertSample = db
      .prepare(`INSERT INTO samples (${quoted(written)}) VALUES (${bound(written)}) RETURNING id`)
      .pluck()
    this.#insertSpan = db.prepare(
      `INSERT INTO spans (sampleId, "index", ${quoted(spanColumns)})
       VALUES (:sampleId, :index, ${bound(spanColumns)})`,
    )
    this.#nextIndex = db.prepare('SELECT coalesce(max("index") + 1, 0) FROM samples WHERE runId = ?').pluck()
    this.#samplesOfRun = db.prepare(
      `SELECT ${quoted(read)} FROM samples WHERE runId = :runId AND "index" >= :from ORDER BY "index" LIMIT :count`,
    )
    this.#spansOfSample = db.prepare(
      `SELECT ${quoted(spanColumns)} FROM spans WHERE sampleId = ? ORDER BY "index"`,
    )
    this.#spansChecksum = db.prepare(
      `SELECT spansChecksum FROM samples JOIN runs ON runs.id = runId WHERE samples.id = ? AND ${inSight}`,
    )
    this.#storedOfRun = db.prepare('SELECT samplesStored FROM runs WHERE id = ?').pluck()
    this.#deleteSpans = db.prepare(
      `DELETE FROM spans WHERE (sampleId, "index") IN (
         SELECT sampleId, spans."index" FROM samples JOIN spans ON sampleId = id WHERE runId = :runId LIMIT :count)`,
    )
    this.#deleteSamples = db.prepare(
      'DELETE FROM samples WHERE id IN (SELECT id FROM samples WHERE runId = :runId LIMIT :count)',
    )
  }

  /** Adds a sample at the run's next index. */
  insert(runId: number, sample: Sample, spans: readonly Span[]): StoredSample {
    const index = z.number().parse(this.#nextIndex.get(runId))
    const row = {
      ...sample,
      runId,
      index,
      warmup: Number(sample.warmup),
      cold: Number(sample.cold),
      direct: Number(sample.direct),
      verified: Number(sample.verified),
      simulated: Number(sample.simulated),
      marks: JSON.stringify(sample.marks),
      figures: JSON.stringify(sample.figures),
    }
    const checksums = { checksum: rowChecksum(row), spansChecksum: spansChecksum(spans) }
    const id = z.number().parse(this.#insertSample.get({ ...row, ...checksums }))
    spans.forEach((span, index) => {
      this.#insertSpan.run({ ...span, sampleId: id, index })
    })
    return { ...sample, id, index }
  }

  /** @throws LabFailure `store-corrupt` where the index leads to other samples than were stored, or to fewer. */
  ofRun(runId: number, window: SampleWindow = wholeRun): StoredSample[] {
    const samples = readSamples(runId, this.#samplesOfRun.all({ runId, ...window }))
    const stored = storedColumn.parse(this.#storedOfRun.get(runId))
    if (stored !== null && samples.length < leastWithin(stored, window)) refuseOthers(runId)
    return samples
  }

  /** What a resumed run need not measure again: everything but the samples that a cancel cut short. */
  doneOfRun(runId: number): StoredSample[] {
    return this.ofRun(runId).filter(({ status }) => status !== 'cancelled' && status !== 'failed')
  }

  /** Deletes some of what a run holds. @returns whether there was anything. */
  deleteSlice(runId: number): boolean {
    const spans = this.#deleteSpans.run({ runId, count: spansAtOnce })
    if (spans.changes > 0) return true
    return this.#deleteSamples.run({ runId, count: samplesAtOnce }).changes > 0
  }

  /** @throws LabFailure `not-found`, or `store-corrupt` where they are not what was stored. */
  spansOf(sampleId: number): Span[] {
    const stored = this.#spansChecksum.get(sampleId)
    if (stored === undefined) {
      fail('not-found', `there is no sample ${sampleId}`, 'Open a run to see its samples.')
    }
    const spans = this.#spansOfSample.all(sampleId).map(row => spanSchema.parse(row))
    const { spansChecksum: checksum } = spansChecksumRow.parse(stored)
    if (checksum !== null && checksum !== spansChecksum(spans)) {
      refuseDamaged(`the spans of sample ${sampleId} are damaged in the database`)
    }
    return spans
  }
}

const checksumColumn = z.number().int().nullable()
const spansChecksumRow = z.object({ spansChecksum: checksumColumn })
const checkedRow = z.looseObject({ checksum: checksumColumn.default(null) })

/** Unknown of runs that old labs stored. */
const storedColumn = z.number().nullish().default(null)

/** How many of a run's samples lie in a window at least: their indexes are 0, 1, 2 and so on, or have gaps. */
function leastWithin(stored: number, { from, count }: SampleWindow): number {
  const left = Math.max(0, stored - from)
  return count < 0 ? left : Math.min(left, count)
}

function refuseOthers(runId: number): never {
  refuseDamaged(`run ${runId} has not the samples that were stored: the database is damaged`)
}

const placedRow = checkedRow.extend({ runId: z.number(), index: z.number() })

/**
 * A row that is not what was stored is a failed sample: no figure of it is shown, and it still has its place. All rows are
 * found by an index, which may be damaged itself.
 */
function readSamples(runId: number, rows: readonly unknown[]): StoredSample[] {
  let last = -1
  return rows.map(row => {
    const { checksum, ...stored } = placedRow.parse(row)
    const { runId: owner, ...columns } = stored
    const sample = sampleRow.parse(columns)
    if (!isWhole(checksum, stored)) return damaged(sample)
    if (owner !== runId || stored.index <= last) refuseOthers(runId)
    last = stored.index
    return sample
  })
}

/** Whether a row is what was stored, as far as its lab noted that down. */
export function isIntact(row: unknown): boolean {
  const { checksum, ...columns } = checkedRow.parse(row)
  return isWhole(checksum, columns)
}

function isWhole(checksum: number | null, columns: Readonly<Record<string, unknown>>): boolean {
  return checksum === null || checksum === rowChecksum(columns)
}

/** A row of a run whose ceiling is lost: its share of that says nothing any more. */
export function withoutCeiling(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shareless = { ...row, ofCeiling: null }
  return typeof row.checksum !== 'number' ? shareless : { ...shareless, checksum: rowChecksum(shareless) }
}

function damaged(sample: StoredSample): StoredSample {
  const nothing = Object.fromEntries(timeColumns.map(name => [name, null]))
  return {
    ...sample,
    ...nothing,
    status: 'failed',
    reason: 'damaged in the database: its checksum does not match',
    throughput: null,
    ofCeiling: null,
    cold: false,
    direct: false,
    verified: false,
    marks: [],
    figures: {},
  }
}

const timeColumns = sampleColumns.filter(name => name.endsWith('Ns'))

function rowChecksum(row: Readonly<Record<string, unknown>>): number {
  return checksumOf(checked.map(name => row[name]))
}

export function spansChecksum(spans: readonly Span[]): number {
  return checksumOf(
    spans.map(({ lane, phase, startNs, endNs, bytes, gather }) => [
      lane,
      phase,
      startNs,
      endNs,
      bytes,
      gather,
    ]),
  )
}
