import { randomUUID } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { Identity } from '../contract/engine.ts'
import { fail, LabFailure } from '../contract/error.ts'
import type { LabelChange } from '../contract/ledger.ts'
import { extendedPlan, mostRepeats, type Plan, plannedSamples } from '../contract/plan.ts'
import type { Run, RunDetail, RunStatus, RunSummary, SampleWindow } from '../contract/run.ts'
import { type Sample, type Span, type StoredSample, sampleKey } from '../contract/sample.ts'
import { type Capabilities, type Ceiling, type TargetId, targetKind } from '../contract/target.ts'
import type { Setting } from '../findings/sameExperiment.ts'
import { FileInPlace } from './fileInPlace.ts'
import type { Owner, Owners } from './owner.ts'
import { returnSpace } from './returnSpace.ts'
import { ownerOf } from './rows.ts'
import { RunTable } from './runTable.ts'
import { SampleTable } from './sampleTable.ts'
import { storing } from './storeFailure.ts'
import { TargetClaims } from './targetClaims.ts'

export type NewRun = { readonly plan: Plan; readonly labVersion: string; readonly title: string }

export type RunStart = {
  readonly capabilities: Capabilities | null
  readonly ceiling: Ceiling | null
  readonly identity: Identity
  readonly samplesPlanned: number
}

export type RunEnd = {
  readonly status: Exclude<RunStatus, 'running'>
  readonly reason: string
  readonly capabilitiesAfter: Capabilities | null
}

export type CountedSample = { readonly sample: StoredSample; readonly summary: RunSummary }

export type RunState = { readonly summary: RunSummary; readonly run: Run }

type OwedEnd = RunEnd & { readonly endedAt: string }

export type ImportedRun = {
  readonly run: Run
  readonly title: string
  readonly samples: ReadonlyArray<readonly [sample: Sample, spans: readonly Span[]]>
}

/**
 * Every run with its samples and spans. Each method is one transaction; all throw LabFailure of the store kinds
 * (`store-full`, `store-read-only`, `store-corrupt`, `store-failed`, `busy`) besides those named, and have changed
 * nothing then.
 */
export class RunStore {
  readonly #db: Database
  readonly #file: FileInPlace
  readonly #runs: RunTable
  readonly #samples: SampleTable
  readonly #claims: TargetClaims
  readonly #owners: Owners
  readonly #undeletable = new Set<number>()
  readonly #owedEnds = new Map<number, OwedEnd>()

  constructor(db: Database, owners: Owners) {
    this.#db = db
    this.#file = new FileInPlace(db)
    this.#owners = owners
    this.#runs = new RunTable(db, owners)
    this.#samples = new SampleTable(db)
    this.#claims = new TargetClaims(db, owners)
  }

  /**
   * Begins a run that this process owns, and claims its target. The engine says at its start what unsupported schemes
   * leave of the plan.
   * @throws LabFailure `busy` where somebody measures on that target.
   */
  createRun(run: NewRun): Run {
    return this.#write(() => {
      const id = this.#runs.insert({
        ...run,
        uuid: randomUUID(),
        samplesPlanned: plannedSamples(run.plan),
      })
      this.#claims.take(run.plan.target, id)
      return this.#runs.get(id)
    })
  }

  /** Claims a target to measure its ceiling. @throws LabFailure `busy` where somebody measures on it. */
  claimForCeiling(target: TargetId): void {
    this.#write(() => this.#claims.take(target, null))
  }

  dropClaim(target: TargetId): void {
    this.#write(() => this.#claims.drop(target))
  }

  /** Lets go of what this lab owns: the next lab finds dead what is still running. */
  release(): void {
    const named = this.#read(() => new Set([...this.#runs.lockNames(), ...this.#claims.lockNames()]))
    this.#owners.release()
    this.#owners.sweep(named)
  }

  /** What the engine found before the first sample. A resumed run keeps what its first start found. */
  setStarted(runId: number, start: RunStart): void {
    this.#write(() => {
      this.#runs.change(
        runId,
        `capabilities = coalesce(capabilities, :capabilities), ceiling = coalesce(ceiling, :ceiling),
         identity = coalesce(identity, :identity),
         samplesPlanned = :samplesPlanned, title = coalesce(:title, title), searchText = NULL`,
        {
          title: start.capabilities?.title ?? null,
          capabilities: jsonOrNull(start.capabilities),
          ceiling: jsonOrNull(start.ceiling),
          identity: JSON.stringify(start.identity),
          samplesPlanned: start.samplesPlanned,
        },
      )
    })
  }

  /** Commits a sample with its spans. Once this returns, no death of a process loses it. `summary` counts it. */
  addSample(runId: number, sample: Sample, spans: readonly Span[]): CountedSample {
    return this.#write(() => {
      const stored = this.#addSample(runId, sample, spans)
      return { sample: stored, summary: this.#runs.counted(runId) }
    })
  }

  /** An ending that cannot be stored now is kept in memory; {@link markInterrupted} stores it once it can. */
  endRun(runId: number, end: RunEnd): void {
    const owed = { ...end, endedAt: new Date().toISOString() }
    try {
      this.#write(() => this.#end(runId, owed))
    } catch (thrown) {
      if (canPass(thrown)) this.#owedEnds.set(runId, owed)
      throw thrown
    }
  }

  /**
   * Makes an ended run this process's own again, to measure what is missing.
   * @throws LabFailure `not-found`, `busy` when a lab is running it or measures on its target, `bad-input` when it is
   * finished without a failed sample.
   */
  reopenRun(runId: number): Run {
    return this.#write(() => {
      const { status, plan, samplesFailed } = this.#runs.get(runId)
      if (status === 'running') fail('busy', `run ${runId} is running`, 'Wait for it, or cancel it.')
      if (status === 'finished' && samplesFailed === 0) {
        fail(
          'bad-input',
          `run ${runId} is finished`,
          'Extend it by further repeats, or start a new run with the same plan.',
        )
      }
      if (targetKind(plan.target) === 'local' && this.#runs.isImported(runId)) {
        fail(
          'bad-input',
          `run ${runId} was imported: it was measured on another machine, or cannot be told from one that was`,
          'Start a new run with the same plan instead. What was measured is kept.',
        )
      }
      this.#claims.take(plan.target, runId)
      this.#runs.reopen(runId)
      return this.#runs.get(runId)
    })
  }

  /**
   * Makes an ended run this process's own again, to measure so many repeats more.
   * @throws LabFailure `not-found`, `busy` when a lab is running it, `bad-input` when that makes too many.
   */
  extendRun(runId: number, repeats: number): Run {
    return this.#write(() => {
      const { status, plan } = this.#runs.get(runId)
      if (status === 'running') fail('busy', `run ${runId} is running`, 'Wait for it, or cancel it.')
      const extended = extendedPlan(plan, repeats)
      if (extended.repeats > mostRepeats) {
        fail(
          'bad-input',
          `run ${runId} would have ${extended.repeats} repeats, more than ${mostRepeats}`,
          'Add fewer repeats.',
        )
      }
      this.#runs.reopen(runId)
      this.#runs.change(runId, 'plan = :plan, samplesPlanned = :samplesPlanned', {
        plan: JSON.stringify(extended),
        samplesPlanned: plannedSamples(extended),
      })
      return this.#runs.get(runId)
    })
  }

  /**
   * Marks runs left `running` by a process that died, and stores endings that could not be stored before. A run of
   * another living lab is left alone. Where nothing can be written now, nothing is marked: a full disk must not hide
   * the history, and the next call tries again.
   * @returns the ids of the runs that changed.
   */
  markInterrupted(): number[] {
    try {
      return [...this.#storeOwedEnds(), ...this.#interruptOrphans()]
    } catch (thrown) {
      if (canPass(thrown)) return []
      throw thrown
    }
  }

  /**
   * Takes a running run from a lab that cannot be told from a dead one: it is interrupted, and its target is free. If that
   * lab is alive, its next sample is refused.
   * @throws LabFailure `not-found`, `bad-input` when it is not running, `busy` when its lab is alive.
   */
  abandonRun(runId: number): void {
    this.#write(() => this.#abandonRun(runId))
  }

  /** The same for whatever has claimed a target, run or ceiling. @returns the run, or `null`. */
  abandonTarget(target: TargetId): number | null {
    return this.#write(() => {
      const claim = this.#claims.of(target)
      if (claim === null) fail('bad-input', `nobody measures on ${target}`, 'There is nothing to abandon.')
      if (claim.runId !== null && this.#runs.isRunning(claim.runId)) this.#abandonRun(claim.runId)
      else this.#refuseAlive(ownerOf(claim), `what measures on ${target}`)
      this.#claims.free(target)
      return claim.runId
    })
  }

  #abandonRun(runId: number): void {
    const { status, samplesDone, samplesPlanned } = this.#runs.summary(runId)
    if (status !== 'running') {
      fail('bad-input', `run ${runId} is not running: it is ${status}`, 'There is nothing to abandon.')
    }
    const owner = this.#runs.ownerOf(runId)
    if (owner !== null) this.#refuseAlive(owner, `run ${runId}`)
    this.#runs.interruptAs(
      runId,
      `abandoned: whether the lab that ran it was alive could not be told; ${samplesDone} of ${samplesPlanned} samples are kept`,
    )
  }

  #refuseAlive(owner: Owner, what: string): void {
    if (this.#owners.lifeOf(owner) !== 'alive') return
    const where = this.#owners.isSelf(owner) ? 'by this lab' : 'by another lab, which is alive'
    fail('busy', `${what} is measured ${where}`, 'Cancel it there.')
  }

  /** Whether the lab that measures a running run is known to be alive. */
  isOwnerKnownAlive(runId: number): boolean {
    return this.#read(() => {
      const owner = this.#runs.ownerOf(runId)
      return owner !== null && this.#owners.lifeOf(owner) === 'alive'
    })
  }

  /**
   * Adds a run that another store exported, under ids of this one. What was running there is `interrupted` here.
   * @throws LabFailure `bad-input` when the run is here already.
   */
  addImported({ run, title, samples }: ImportedRun): Run {
    return this.#write(() => {
      const known = this.#runs.idOf(run.uuid)
      if (known !== null) {
        fail(
          'bad-input',
          `this run is here already, as run ${known}`,
          `Open run ${known}, or delete it first.`,
        )
      }
      const { uuid, createdAt, labVersion, plan, samplesPlanned } = run
      const id = this.#runs.insert({
        ...{ uuid, createdAt, labVersion, plan, samplesPlanned, title, imported: 1 },
        capabilities: jsonOrNull(run.capabilities),
        capabilitiesAfter: jsonOrNull(run.capabilitiesAfter),
        ceiling: jsonOrNull(run.ceiling),
      })
      for (const [sample, spans] of samples) this.#addSample(id, sample, spans)
      this.#runs.end(id, endOf(run))
      return this.#runs.get(id)
    })
  }

  /**
   * The history, newest first, or the `count` newest runs and all that are running; of a damaged database what can be
   * read of it.
   */
  listRuns(count?: number): RunSummary[] {
    try {
      return this.#read(() =>
        count === undefined ? this.#runs.summaries() : this.#runs.newestSummaries(count),
      )
    } catch (thrown) {
      if (!(thrown instanceof LabFailure && thrown.kind === 'store-corrupt')) throw thrown
      return storing(this.#db.name, () => this.#runs.readableSummaries(count))
    }
  }

  /** Of these runs those that are there. */
  summariesOf(runIds: readonly number[]): RunSummary[] {
    return this.#read(() => this.#runs.summariesOf(runIds))
  }

  /** Folders on the target, beside its own, in which its runs made files. */
  directoriesOf(target: TargetId): string[] {
    return this.#read(() => this.#runs.directoriesOf(target))
  }

  /** @throws LabFailure `not-found`. */
  getSummary(runId: number): RunSummary {
    return this.#read(() => this.#runs.summary(runId))
  }

  /** All of a run but its samples. @throws LabFailure `not-found`. */
  getState(runId: number): RunState {
    return this.#read(() => ({ summary: this.#runs.summary(runId), run: this.#runs.get(runId) }))
  }

  /** What the first part of a run found; `null` where it did not come so far. @throws LabFailure `not-found`. */
  getSetting(runId: number): Setting | null {
    return this.#read(() => {
      const { capabilities, ceiling } = this.#runs.get(runId)
      return capabilities && { capabilities, ceiling, identity: this.#runs.identity(runId) }
    })
  }

  /** With all samples, or those of `window`. @throws LabFailure `not-found`. */
  getRun(runId: number, window?: SampleWindow): RunDetail {
    return this.#read(() => {
      const run = this.#runs.get(runId)
      this.#runs.checkAllStored(runId)
      return { run, samples: this.#samples.ofRun(runId, window) }
    })
  }

  /** @throws LabFailure `not-found`. */
  getSpans(sampleId: number): Span[] {
    return this.#read(() => this.#samples.spansOf(sampleId))
  }

  /** The keys a resumed run does not measure again. @throws LabFailure `not-found`. */
  doneKeys(runId: number): string[] {
    return this.#read(() => {
      this.#runs.get(runId)
      this.#runs.checkAllStored(runId)
      return this.#samples.doneOfRun(runId).map(sampleKey)
    })
  }

  /**
   * Deletes a run: from now on it is nowhere to be seen. What it holds goes by {@link deleteSlice}.
   * @throws LabFailure `not-found`, `busy` while it is running.
   */
  deleteRun(runId: number): void {
    this.#write(() => {
      if (this.#runs.status(runId) === 'running') {
        fail('busy', `run ${runId} is running`, 'Cancel it before deleting it.')
      }
      this.#runs.hide(runId)
    })
  }

  /**
   * Takes runs out of sight; until they are deleted they can be restored.
   * @throws LabFailure `not-found`, `busy` while one of them is running.
   */
  discardRuns(runIds: readonly number[]): void {
    this.#write(() => {
      for (const runId of runIds) {
        if (this.#runs.status(runId) === 'running') {
          fail('busy', `run ${runId} is running`, 'Cancel it before deleting it.')
        }
        this.#runs.discard(runId)
      }
    })
  }

  /** @throws LabFailure `not-found` where one is deleted already; none is restored then. */
  restoreRuns(runIds: readonly number[]): void {
    this.#write(() => {
      for (const runId of runIds) {
        if (this.#runs.restore(runId)) continue
        fail(
          'not-found',
          `run ${runId} is deleted and cannot be restored`,
          'An export of it can be imported.',
        )
      }
    })
  }

  /** Deletes what was discarded before then. @returns how many runs. */
  deleteDiscarded(then: Date): number {
    const discarded = this.#read(() => this.#runs.discardedBefore(then.toISOString()))
    if (discarded.length > 0) {
      this.#write(() => {
        for (const runId of discarded) this.#runs.hide(runId)
      })
    }
    return discarded.length
  }

  /** Changes what a person calls runs, notes down and tags them with. @throws LabFailure `not-found`, `bad-input`. */
  labelRuns(runIds: readonly number[], change: LabelChange): void {
    this.#write(() => {
      for (const runId of runIds) this.#runs.label(runId, change)
    })
  }

  /**
   * Removes a slice of what deleted runs hold, and gives the file's space back: one transaction of milliseconds, so that
   * no other lab's sample waits for it. @returns whether there was anything to do.
   */
  deleteSlice(): boolean {
    const runId = this.#read(() => this.#runs.hidden([...this.#undeletable]))
    if (runId === null) return storing(this.#db.name, () => returnSpace(this.#db))
    try {
      this.#write(() => {
        if (!this.#samples.deleteSlice(runId)) this.#runs.delete(runId)
      })
    } catch (thrown) {
      if (!(thrown instanceof LabFailure && thrown.kind === 'store-corrupt')) throw thrown
      // Its damaged pages stay where they are; it is out of sight.
      this.#undeletable.add(runId)
    }
    return true
  }

  #end(runId: number, { status, reason, endedAt, capabilitiesAfter }: OwedEnd): void {
    this.#runs.change(runId, 'capabilitiesAfter = coalesce(:after, capabilitiesAfter)', {
      after: jsonOrNull(capabilitiesAfter),
    })
    this.#runs.end(runId, { status, reason, endedAt })
    this.#claims.drop(this.#runs.counted(runId).target)
  }

  #storeOwedEnds(): number[] {
    const owed = [...this.#owedEnds]
    for (const [runId, end] of owed) {
      this.#write(() => this.#end(runId, end))
      this.#owedEnds.delete(runId)
    }
    return owed.map(([runId]) => runId)
  }

  #interruptOrphans(): number[] {
    // Looked for without the write lock first: nearly always there are none.
    if (this.#read(() => this.#runs.orphans()).length === 0) return []
    return this.#write(() => this.#runs.interrupt(this.#runs.orphans()))
  }

  #addSample(runId: number, sample: Sample, spans: readonly Span[]): StoredSample {
    this.#runs.countSample(runId, sample)
    return this.#samples.insert(runId, sample, spans)
  }

  #write<T>(work: () => T): T {
    // IMMEDIATE: takes the write lock first, so that a second shell waits instead of failing half-way.
    return storing(this.#db.name, () => {
      this.#file.check()
      return this.#db.transaction(work).immediate()
    })
  }

  #read<T>(work: () => T): T {
    return storing(this.#db.name, () => this.#db.transaction(work).deferred())
  }
}

/** Failures that a later try may not meet. */
function canPass(thrown: unknown): boolean {
  return thrown instanceof LabFailure && ['store-full', 'store-read-only', 'busy'].includes(thrown.kind)
}

function endOf({ status, reason, endedAt }: Run): Pick<Run, 'status' | 'reason' | 'endedAt'> {
  return status === 'running'
    ? { status: 'interrupted', reason: 'it was running when it was exported', endedAt }
    : { status, reason, endedAt }
}

function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}
