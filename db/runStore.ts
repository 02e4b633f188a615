import { randomUUID } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { fail } from '../contract/error.ts'
import type { Plan } from '../contract/plan.ts'
import type { Run, RunDetail, RunStatus, RunSummary } from '../contract/run.ts'
import { runSchema, runSummarySchema } from '../contract/run.ts'
import { type Sample, type Span, type StoredSample, sampleKey } from '../contract/sample.ts'
import type { Capabilities, Ceiling } from '../contract/target.ts'
import { targetKind } from '../contract/target.ts'
import { isAlive, thisOwner } from './owner.ts'
import { ownedRunRow, runRow, sizesColumn, summaryRow } from './rows.ts'
import { SampleTable } from './sampleTable.ts'
import { storing } from './storeFailure.ts'

const runColumns = Object.keys(runSchema.shape).join(', ')
const summaryColumns = Object.keys(runSummarySchema.shape)
  .map(name => (name === 'schemes' ? "json_extract(plan, '$.schemes') AS schemes" : name))
  .join(', ')

export type NewRun = { readonly plan: Plan; readonly labVersion: string; readonly title: string }
export type RunStart = {
  readonly capabilities: Capabilities | null
  readonly ceiling: Ceiling | null
  readonly samplesPlanned: number
}
export type RunEnd = {
  readonly status: Exclude<RunStatus, 'running'>
  readonly reason: string
  readonly capabilitiesAfter: Capabilities | null
}

/**
 * Every run with its samples and spans. Each method is one transaction; all throw LabFailure of the store kinds
 * (`store-full`, `store-read-only`, `store-corrupt`, `store-failed`, `busy`) besides those named.
 */
export class RunStore {
  readonly #db: Database
  readonly #samples: SampleTable

  constructor(db: Database) {
    this.#db = db
    this.#samples = new SampleTable(db)
  }

  /** Begins a run that this process owns. Its sizes may still be unknown: `samplesPlanned` is 0 until it started. */
  createRun({ plan, labVersion, title }: NewRun): Run {
    return this.#write(() => {
      const now = new Date().toISOString()
      const row = {
        uuid: randomUUID(),
        now,
        target: plan.target,
        title,
        simulated: Number(targetKind(plan.target) === 'sim'),
        labVersion,
        sizesBytes: JSON.stringify(plan.sizesBytes),
        plan: JSON.stringify(plan),
        ...ownerColumns(),
      }
      const id = this.#value(
        `INSERT INTO runs (uuid, createdAt, changedAt, status, reason, target, title, simulated, labVersion,
           samplesPlanned, samplesDone, samplesFailed, ownerPid, ownerStartTicks, ownerBootId, sizesBytes, plan)
         VALUES (:uuid, :now, :now, 'running', '', :target, :title, :simulated, :labVersion,
           0, 0, 0, :ownerPid, :ownerStartTicks, :ownerBootId, :sizesBytes, :plan)
         RETURNING id`,
        row,
      )
      return this.#run(id)
    })
  }

  /** What the engine found before the first sample. A resumed run keeps what its first start found. */
  setStarted(runId: number, start: RunStart): Run {
    return this.#write(() => {
      this.#changeRunning(
        runId,
        `capabilities = coalesce(capabilities, :capabilities), ceiling = coalesce(ceiling, :ceiling),
         samplesPlanned = :samplesPlanned`,
        {
          capabilities: jsonOrNull(start.capabilities),
          ceiling: jsonOrNull(start.ceiling),
          samplesPlanned: start.samplesPlanned,
        },
      )
      return this.#run(runId)
    })
  }

  /** Commits a sample with its spans. Once this returns, no death of a process loses it. */
  addSample(runId: number, sample: Sample, spans: readonly Span[]): StoredSample {
    return this.#write(() => {
      this.#countSample(runId, sample)
      return this.#samples.insert(runId, sample, spans)
    })
  }

  endRun(runId: number, end: RunEnd): Run {
    return this.#write(() => {
      this.#changeRunning(
        runId,
        `status = :status, reason = :reason, capabilitiesAfter = :capabilitiesAfter, endedAt = :now,
         ownerPid = NULL, ownerStartTicks = NULL, ownerBootId = NULL`,
        { status: end.status, reason: end.reason, capabilitiesAfter: jsonOrNull(end.capabilitiesAfter) },
      )
      return this.#run(runId)
    })
  }

  /**
   * Makes an ended run this process's own again, to measure what is missing.
   * @throws LabFailure `busy` when a lab is running it, `bad-input` when it is finished.
   */
  reopenRun(runId: number): Run {
    return this.#write(() => {
      const run = this.#run(runId)
      if (run.status === 'running') fail('busy', `run ${runId} is running`, 'Wait for it, or cancel it.')
      if (run.status === 'finished') {
        fail('bad-input', `run ${runId} is finished`, 'Start a new run with the same plan instead.')
      }
      this.#db
        .prepare(
          `UPDATE runs SET status = 'running', reason = '', endedAt = NULL, changedAt = :now, ownerPid = :ownerPid,
             ownerStartTicks = :ownerStartTicks, ownerBootId = :ownerBootId WHERE id = :runId`,
        )
        .run({ runId, now: new Date().toISOString(), ...ownerColumns() })
      return this.#run(runId)
    })
  }

  /**
   * Marks runs left `running` by a process that died. A run of another living lab is left alone. It ended when its
   * last change was stored, as far as anyone knows.
   * @returns the ids of the runs marked.
   */
  markInterrupted(): number[] {
    return this.#write(() => {
      const rows = this.#db
        .prepare(
          `SELECT id, samplesPlanned, samplesDone, ownerPid, ownerStartTicks, ownerBootId
           FROM runs WHERE status = 'running'`,
        )
        .all()
      const dead = rows
        .map(row => ownedRunRow.parse(row))
        .filter(
          row => !isAlive({ pid: row.ownerPid, startTicks: row.ownerStartTicks, bootId: row.ownerBootId }),
        )
      const mark = this.#db.prepare(
        `UPDATE runs SET status = 'interrupted', reason = :reason, endedAt = changedAt, ownerPid = NULL,
           ownerStartTicks = NULL, ownerBootId = NULL WHERE id = :id`,
      )
      for (const { id, ownerPid, samplesDone, samplesPlanned } of dead) {
        const reason = `the lab that ran it (pid ${ownerPid}) died; ${samplesDone} of ${samplesPlanned} samples are kept`
        mark.run({ id, reason })
      }
      return dead.map(row => row.id)
    })
  }

  /** The history, newest first. */
  listRuns(): RunSummary[] {
    return this.#read(() =>
      this.#db
        .prepare(`SELECT ${summaryColumns} FROM runs ORDER BY id DESC`)
        .all()
        .map(row => summaryRow.parse(row)),
    )
  }

  /** @throws LabFailure `not-found`. */
  getSummary(runId: number): RunSummary {
    return this.#read(() => {
      const row = this.#db.prepare(`SELECT ${summaryColumns} FROM runs WHERE id = ?`).get(runId)
      return row === undefined ? noRun(runId) : summaryRow.parse(row)
    })
  }

  /** @throws LabFailure `not-found`. */
  getRun(runId: number): RunDetail {
    return this.#read(() => ({ run: this.#run(runId), samples: this.#samples.ofRun(runId) }))
  }

  /** @throws LabFailure `not-found`. */
  getSpans(sampleId: number): Span[] {
    return this.#read(() => {
      if (!this.#samples.has(sampleId)) {
        fail('not-found', `there is no sample ${sampleId}`, 'Open a run to see its samples.')
      }
      return this.#samples.spansOf(sampleId)
    })
  }

  /** The keys a resumed run does not measure again. @throws LabFailure `not-found`. */
  doneKeys(runId: number): string[] {
    return this.#read(() => {
      this.#run(runId)
      return this.#samples.doneOfRun(runId).map(sampleKey)
    })
  }

  /** Deletes a run with all that belongs to it. @throws LabFailure `not-found`, `busy` while it is running. */
  deleteRun(runId: number): void {
    this.#write(() => {
      if (this.#run(runId).status === 'running') {
        fail('busy', `run ${runId} is running`, 'Cancel it before deleting it.')
      }
      this.#db.prepare('DELETE FROM runs WHERE id = ?').run(runId)
    })
  }

  /** The run of this uuid, or `null`: a uuid names a run across databases. */
  findByUuid(uuid: string): RunSummary | null {
    return this.#read(() => {
      const row = this.#db.prepare(`SELECT ${summaryColumns} FROM runs WHERE uuid = ?`).get(uuid)
      return row === undefined ? null : summaryRow.parse(row)
    })
  }

  #write<T>(work: () => T): T {
    // IMMEDIATE: takes the write lock first, so that a second shell waits instead of failing half-way.
    return storing(this.#db.name, () => this.#db.transaction(work).immediate())
  }

  #read<T>(work: () => T): T {
    return storing(this.#db.name, () => this.#db.transaction(work).deferred())
  }

  #run(runId: number): Run {
    const row = this.#db.prepare(`SELECT ${runColumns} FROM runs WHERE id = ?`).get(runId)
    return row === undefined ? noRun(runId) : runRow.parse(row)
  }

  #value(sql: string, row: object): number {
    return z.number().parse(this.#db.prepare(sql).pluck().get(row))
  }

  #changeRunning(runId: number, assignments: string, values: object): void {
    const sql = `UPDATE runs SET ${assignments}, changedAt = :now WHERE id = :runId AND status = 'running'`
    const { changes } = this.#db.prepare(sql).run({ ...values, runId, now: new Date().toISOString() })
    if (changes === 1) return
    const { status } = this.#run(runId)
    fail('store-failed', `run ${runId} is ${status} and cannot change`, 'Resume it first.')
  }

  #countSample(runId: number, sample: Sample): void {
    const known = this.#db.prepare('SELECT sizesBytes FROM runs WHERE id = ?').pluck().get(runId)
    if (known === undefined) noRun(runId)
    const sizes = new Set(sizesColumn.parse(known)).add(sample.bytes)
    this.#changeRunning(
      runId,
      `samplesDone = samplesDone + :done, samplesFailed = samplesFailed + :failed, sizesBytes = :sizesBytes`,
      {
        done: Number(sample.status !== 'cancelled'),
        failed: Number(sample.status === 'failed'),
        sizesBytes: JSON.stringify([...sizes]),
      },
    )
  }
}

function noRun(runId: number): never {
  fail('not-found', `there is no run ${runId}`, 'List the runs to see which there are.')
}

function ownerColumns() {
  const { pid, startTicks, bootId } = thisOwner()
  return { ownerPid: pid, ownerStartTicks: startTicks, ownerBootId: bootId }
}

function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}
