import type { Database, Statement } from 'better-sqlite3'
import { z } from 'zod'
import type { SampleWindow } from '../contract/run.ts'
import {
  type Sample,
  type Span,
  type StoredSample,
  sampleColumns,
  spanSchema,
  storedSampleSchema,
} from '../contract/sample.ts'
import { sampleRow } from './rows.ts'

const quoted = (names: readonly string[]) => names.map(name => `"${name}"`).join(', ')
const bound = (names: readonly string[]) => names.map(name => `:${name}`).join(', ')

const written = ['runId', 'index', ...sampleColumns, 'figures'] as const
const read = Object.keys(storedSampleSchema.shape)
const spanColumns = Object.keys(spanSchema.shape)

/** SQLite takes a negative limit for none. */
const wholeRun: SampleWindow = { from: 0, count: -1 }

/** Samples and their spans. Callers hold the transaction. */
export class SampleTable {
  readonly #insertSample: Statement
  readonly #insertSpan: Statement
  readonly #nextIndex: Statement
  readonly #samplesOfRun: Statement
  readonly #spansOfSample: Statement
  readonly #hasSample: Statement
  readonly #doneOfRun: Statement

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
    this.#hasSample = db.prepare('SELECT 1 FROM samples WHERE id = ?').pluck()
    this.#doneOfRun = db.prepare(
      `SELECT ${quoted(read)} FROM samples WHERE runId = ? AND status <> 'cancelled' ORDER BY "index"`,
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
    const id = z.number().parse(this.#insertSample.get(row))
    spans.forEach((span, index) => {
      this.#insertSpan.run({ ...span, sampleId: id, index })
    })
    return { ...sample, id, index }
  }

  ofRun(runId: number, window: SampleWindow = wholeRun): StoredSample[] {
    return this.#samplesOfRun.all({ runId, ...window }).map(row => sampleRow.parse(row))
  }

  /** What a resumed run need not measure again: everything but the samples that a cancel cut short. */
  doneOfRun(runId: number): StoredSample[] {
    return this.#doneOfRun.all(runId).map(row => sampleRow.parse(row))
  }

  has(sampleId: number): boolean {
    return this.#hasSample.get(sampleId) !== undefined
  }

  spansOf(sampleId: number): Span[] {
    return this.#spansOfSample.all(sampleId).map(row => spanSchema.parse(row))
  }
}
