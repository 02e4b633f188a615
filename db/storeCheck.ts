import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { type Span, spanSchema } from '../contract/sample.ts'
import { isReadableRun } from './rows.ts'
import { allParts, isIntactRun } from './runChecksums.ts'
import { inSight } from './runTable.ts'
import { isIntact, spansChecksum } from './sampleTable.ts'
import { codeOf, isDamage, storing } from './storeFailure.ts'
import { openToRead } from './storeFile.ts'

/** What was found in a database; every number of damage is 0 in a sound one. */
export const checkResultSchema = z.strictObject({
  runs: z.number(),
  samples: z.number(),
  /** Runs whose row is not what was stored or cannot be read, or that have not all their samples. */
  damagedRuns: z.array(z.number()),
  damagedSamples: z.number(),
  /** Samples whose spans are not what was stored. */
  damagedSpans: z.number(),
  /** Tables whose indexes are not what the tables are: lists, orders and filters may leave something out. */
  damagedIndexes: z.array(z.string()),
})
export type CheckResult = z.infer<typeof checkResultSchema>

/** What is listed, ordered and filtered: small beside samples and spans, whose indexes are checked by who reads them. */
const listedTables = ['runs', 'answers', 'cells', 'baselines', 'changes'] as const

/** So short that whoever waits for the disk, or for this thread, does not notice. */
const sliceMs = 10

const idRow = z.looseObject({ id: z.number() })

/**
 * Looks at every run, sample and span of a database, in slices. It only reads, each row in a transaction of its own: labs
 * go on storing beside it, and their log is not held up.
 */
export class StoreCheck {
  readonly #db: Database
  readonly #found = { runs: 0, samples: 0, damagedSamples: 0, damagedSpans: 0 }
  readonly #damagedRuns = new Set<number>()
  readonly #damagedIndexes: string[] = []
  readonly #steps: Iterator<void>

  /** @throws LabFailure of the store kinds. */
  constructor(file: string) {
    this.#db = storing(file, () => openToRead(file))
    this.#steps = this.#all()
  }

  /** @returns whether there is more to look at. @throws LabFailure of the store kinds. */
  slice(): boolean {
    return storing(this.#db.name, () => {
      const untilMs = performance.now() + sliceMs
      while (performance.now() < untilMs) if (this.#steps.next().done) return false
      return true
    })
  }

  get result(): CheckResult {
    const damagedRuns = [...this.#damagedRuns].sort((a, b) => a - b)
    return { ...this.#found, damagedRuns, damagedIndexes: [...this.#damagedIndexes] }
  }

  close(): void {
    this.#db.close()
  }

  *#all(): Generator<void> {
    const seen = this.#hasDeletions() ? inSight : 'true'
    const runs = `SELECT * FROM runs WHERE id > ? AND ${seen} ORDER BY id LIMIT 1`
    yield* this.#table('runs', runs, row => this.#checkRun(row))
    // What is being deleted has lost some of its spans already.
    const samples = `SELECT samples.* FROM samples JOIN runs ON runs.id = runId
      WHERE samples.id > ? AND ${seen} ORDER BY samples.id LIMIT 1`
    yield* this.#table('samples', samples, row => this.#checkSample(row))
    for (const table of listedTables) {
      if (!this.#agreesWithIndexes(table)) this.#damagedIndexes.push(table)
      yield
    }
  }

  /** Of a table that an older lab did not have yet there is nothing to find. */
  #agreesWithIndexes(table: string): boolean {
    try {
      const isThere = this.#db
        .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")
        .get(table)
      return isThere === undefined || this.#db.pragma(`integrity_check(${table})`, { simple: true }) === 'ok'
    } catch (thrown) {
      if (!isDamage(codeOf(thrown))) throw thrown
      return false
    }
  }

  /** The first labs deleted at once. */
  #hasDeletions(): boolean {
    const column = "SELECT 1 FROM pragma_table_info('runs') WHERE name = 'deletedAt'"
    return this.#db.prepare(column).get() !== undefined
  }

  /** Row by row; where a page cannot be read, one id further. */
  *#table(name: 'runs' | 'samples', sql: string, check: (row: unknown) => void): Generator<void> {
    const next = this.#db.prepare(sql)
    const newest = this.#newest(name)
    for (let last = 0; last < newest; ) {
      last = this.#step(name, last, () => {
        const row = next.get(last)
        if (row === undefined) return newest
        check(row)
        return idRow.parse(row).id
      })
      yield
    }
  }

  /** One row in one transaction. @returns the id that was looked at. */
  #step(name: 'runs' | 'samples', last: number, work: () => number): number {
    try {
      return this.#db.transaction(work).deferred()
    } catch (thrown) {
      if (!isDamage(codeOf(thrown))) throw thrown
      if (name === 'runs') this.#damagedRuns.add(last + 1)
      else this.#found.damagedSamples += 1
      return last + 1
    }
  }

  #newest(name: string): number {
    const sql = 'SELECT seq FROM sqlite_sequence WHERE name = ?'
    return z.number().catch(0).parse(this.#db.prepare(sql).pluck().get(name))
  }

  #checkRun(row: unknown): void {
    this.#found.runs += 1
    const { id } = idRow.parse(row)
    const isWhole =
      allParts.every(part => isIntactRun(row, part)) && isReadableRun(row) && this.#hasAllSamples(row)
    if (!isWhole) this.#damagedRuns.add(id)
  }

  #hasAllSamples(row: unknown): boolean {
    const { id, samplesStored } = z
      .looseObject({ id: z.number(), samplesStored: z.number().nullish() })
      .parse(row)
    if (typeof samplesStored !== 'number') return true
    return this.#db.prepare('SELECT count(*) FROM samples WHERE runId = ?').pluck().get(id) === samplesStored
  }

  #checkSample(row: unknown): void {
    this.#found.samples += 1
    if (!isIntact(row)) this.#found.damagedSamples += 1
    else if (!this.#hasItsSpans(row)) this.#found.damagedSpans += 1
  }

  #hasItsSpans(row: unknown): boolean {
    const sample = z.looseObject({ id: z.number(), spansChecksum: z.number().nullish() }).parse(row)
    try {
      const columns = Object.keys(spanSchema.shape).join(', ')
      const rows = this.#db.prepare(`SELECT ${columns} FROM spans WHERE sampleId = ? ORDER BY "index"`)
      const spans: Span[] = z.array(spanSchema).parse(rows.all(sample.id))
      return typeof sample.spansChecksum !== 'number' || sample.spansChecksum === spansChecksum(spans)
    } catch (thrown) {
      if (thrown instanceof z.ZodError || isDamage(codeOf(thrown))) return false
      throw thrown
    }
  }
}

export function isSound({ damagedRuns, damagedSamples, damagedSpans, damagedIndexes }: CheckResult): boolean {
  return damagedRuns.length + damagedSamples + damagedSpans + damagedIndexes.length === 0
}

/** Looks at a whole database at once. @throws LabFailure of the store kinds. */
export function checkStore(file: string): CheckResult {
  const check = new StoreCheck(file)
  try {
    while (check.slice());
    return check.result
  } finally {
    check.close()
  }
}
