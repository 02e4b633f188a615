import Database from 'better-sqlite3'
import { z } from 'zod'
import { type Span, spanSchema } from '../contract/sample.ts'
import { refuseExisting } from './backupStore.ts'
import { openStore } from './openStore.ts'
import { damagedLabels, isReadableRun } from './rows.ts'
import { isIntactRun, seal } from './runChecksums.ts'
import { isIntact, spansChecksum, withoutCeiling } from './sampleTable.ts'
import { storing } from './storeFailure.ts'
import { openToRead } from './storeFile.ts'

type Row = Record<string, unknown>

export type Recovery = {
  readonly runs: number
  /** Runs whose own row cannot be read, with all that they held. */
  readonly lostRuns: number
  /** Runs of which a part is not what was stored; they say so in their reason. */
  readonly damagedRuns: number
  readonly samples: number
  readonly lostSamples: number
  /** Samples that are kept without their spans. */
  readonly withoutSpans: number
}

/**
 * Salvages what can be read of a damaged database into a new one, row by row: runs with their numbers, every sample whose
 * checksum is right, its spans. The damaged file is only read.
 * @throws LabFailure `bad-input` for a file that is no database of this lab or a new file that is there, and of the store
 * kinds.
 */
export function recoverStore(file: string, into: string): Recovery {
  refuseExisting(into)
  return storing(file, () => {
    const from = openToRead(file)
    openStore(into).close()
    const to = new Database(into)
    try {
      return new Salvage(from, to).all()
    } finally {
      from.close()
      to.close()
    }
  })
}

/** Rows that are read at once; where they cannot be, half of them is tried, down to one. */
const rowsAtOnce = 256

class Salvage {
  readonly #from: Database.Database
  readonly #to: Database.Database

  constructor(from: Database.Database, to: Database.Database) {
    this.#from = from
    this.#to = to
  }

  all(): Recovery {
    const { rows, unreadable } = this.#rows('runs')
    const runs = new Map(rows.filter(isReadableRun).map(row => [z.number().parse(row.id), salvaged(row)]))
    const samples = this.#rows('samples').rows.filter(row => isIntact(row))
    const store = this.#to.transaction(() => {
      for (const { row } of runs.values()) this.#insert('runs', row)
      for (const sample of samples) {
        const run = runs.get(Number(sample.runId))
        if (run === undefined) continue
        run.spanless += this.#keepSample(run.row.ceiling === null ? withoutCeiling(sample) : sample) ? 0 : 1
        run.stored += 1
        run.kept += sample.status === 'cancelled' ? 0 : 1
        run.failed += sample.status === 'failed' ? 1 : 0
      }
      for (const [id, run] of runs) this.#settle(id, run)
    })
    store.immediate()
    const kept = [...runs.values()]
    const lostRuns = rows.length - runs.size + unreadable
    const total = (of: (run: (typeof kept)[number]) => number) => kept.reduce((sum, run) => sum + of(run), 0)
    return {
      runs: runs.size,
      lostRuns,
      damagedRuns: kept.filter(({ damage }) => damage !== null).length,
      samples: total(run => run.kept),
      lostSamples: total(run => Math.max(0, Number(run.row.samplesDone) - run.kept)),
      withoutSpans: total(run => run.spanless),
    }
  }

  /** Every readable row of a table by its id, and how many ids there are that cannot be read. */
  #rows(table: 'runs' | 'samples'): { rows: Row[]; unreadable: number } {
    const select = this.#from.prepare(`SELECT * FROM ${table} WHERE id BETWEEN ? AND ? ORDER BY id`)
    const rows: Row[] = []
    let unreadable = 0
    const read = (first: number, last: number): void => {
      try {
        for (const row of select.all(first, last)) rows.push(z.record(z.string(), z.unknown()).parse(row))
      } catch {
        const middle = Math.floor((first + last) / 2)
        if (first === last) unreadable += 1
        else {
          read(first, middle)
          read(middle + 1, last)
        }
      }
    }
    const newest = this.#newestId(table)
    for (let first = 1; first <= newest; first += rowsAtOnce)
      read(first, Math.min(newest, first + rowsAtOnce - 1))
    return { rows, unreadable }
  }

  #newestId(table: string): number {
    const ways = [
      `SELECT seq FROM sqlite_sequence WHERE name = '${table}'`,
      `SELECT id FROM ${table} ORDER BY id DESC LIMIT 1`,
    ]
    for (const sql of ways) {
      try {
        const id = z.number().int().safeParse(this.#from.prepare(sql).pluck().get())
        if (id.success) return id.data
      } catch {
        // The other way may be readable.
      }
    }
    return 0
  }

  /** Whether its spans are kept, too. */
  #keepSample(sample: Row): boolean {
    const spans = this.#spansOf(sample)
    this.#insert('samples', spans === null ? { ...sample, spansChecksum: spansChecksum([]) } : sample)
    for (const [index, span] of (spans ?? []).entries()) {
      this.#insert('spans', { sampleId: sample.id, index, ...span })
    }
    return spans !== null
  }

  /** `null` where they cannot be read, or are not what was stored. */
  #spansOf({ id, spansChecksum: stored }: Row): Span[] | null {
    try {
      const columns = Object.keys(spanSchema.shape).join(', ')
      const rows = this.#from
        .prepare(`SELECT ${columns} FROM spans WHERE sampleId = ? ORDER BY "index"`)
        .all(id)
      const spans = rows.map(row => spanSchema.parse(row))
      return typeof stored === 'number' && stored !== spansChecksum(spans) ? null : spans
    } catch {
      return null
    }
  }

  /** A run that lost samples can be resumed: they are measured again. */
  #settle(id: number, { row, kept, failed, stored, damage }: SalvagedRun): void {
    const lost = Number(row.samplesDone) - kept
    const interrupted = row.status === 'running' || (row.status === 'finished' && lost > 0)
    const sql = `UPDATE runs SET samplesDone = :kept, samplesFailed = :failed, samplesStored = :stored, status = :status,
      reason = :reason, endedAt = coalesce(endedAt, changedAt), ownerPid = NULL, ownerBootId = NULL, ownerLock = NULL
      WHERE id = :id`
    const lostText =
      lost > 0 ? `${lost} of its samples could not be salvaged from a damaged database` : row.reason
    const status = interrupted ? 'interrupted' : row.status
    this.#to.prepare(sql).run({ id, kept, failed, stored, status, reason: damage ?? lostText })
    seal(this.#to, id)
  }

  #insert(table: string, row: Row): void {
    const known = z
      .array(z.string())
      .parse(this.#to.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table))
    const columns = Object.keys(row).filter(name => known.includes(name))
    const sql = `INSERT INTO ${table} (${columns.map(name => `"${name}"`).join(', ')})
      VALUES (${columns.map(name => `:${name}`).join(', ')})`
    this.#to.prepare(sql).run(row)
  }
}

type SalvagedRun = {
  readonly row: Row
  /** What of the run is not what was stored; `null` of none. */
  readonly damage: string | null
  kept: number
  failed: number
  stored: number
  spanless: number
}

/** What a run was measured with is left out where it is damaged; a plan that is damaged is kept, and called so. */
function salvaged(row: Row): SalvagedRun {
  const isListed = isIntactRun(row, 'checksum')
  const isFound = isIntactRun(row, 'foundChecksum')
  const parts = [
    ...(isListed ? [] : ['its plan or its counts']),
    ...(isFound ? [] : ['its machine and its ceiling']),
  ]
  const damage = parts.length === 0 ? null : `damaged in the database: ${parts.join(', and ')}`
  const unfound = { capabilities: null, capabilitiesAfter: null, ceiling: null, identity: null }
  const counts = { kept: 0, failed: 0, stored: 0, spanless: 0 }
  const labels = isIntactRun(row, 'labelsChecksum') ? {} : damagedLabels
  return { row: { ...row, ...(isFound ? {} : unfound), ...labels }, damage, ...counts }
}
