import type { EngineCommand } from '../../contract/engine.ts'
import { fail, LabFailure } from '../../contract/error.ts'
import type { Run, RunSummary } from '../../contract/run.ts'
import type { Mark } from '../../contract/sample.ts'
import type { TargetId } from '../../contract/target.ts'
import type { RunStore } from '../../db/runStore.ts'
import { ActiveRun, type RunEnding } from './activeRun.ts'
import type { StartEngine } from './engineProcess.ts'
import { type About, type LabLog, runTag } from './log/labLog.ts'
import type { Subscribers } from './subscribers.ts'
import { type LastEvent, labEnded, TargetEngine } from './targetEngine.ts'

export const idleEngineMs = 5000
/** Engine processes at once: each is a program of some 100 MB, and more devices are not on one desk. */
const mostEngines = 8

export type MeasurementParts = {
  readonly runs: RunStore
  /** Starts an engine process whose life is noted down; `about` is asked at each line. */
  readonly starting: (about: () => About) => StartEngine
  readonly log: LabLog
  readonly subscribers: Subscribers
  /** Called after a run has ended. */
  readonly ended: (runId: number) => void
}

/** What this lab measures: an engine process for each target, and on each at most one run. */
export class Measurements {
  readonly #runs: RunStore
  readonly #starting: MeasurementParts['starting']
  readonly #log: LabLog
  readonly #subscribers: Subscribers
  readonly #ended: MeasurementParts['ended']
  readonly #engines = new Map<TargetId, TargetEngine>()
  readonly #active = new Map<TargetId, ActiveRun>()
  #closed = false

  constructor({ runs, starting, log, subscribers, ended }: MeasurementParts) {
    this.#ended = ended
    this.#runs = runs
    this.#starting = starting
    this.#log = log
    this.#subscribers = subscribers
  }

  /** The history as `listRuns` has it. Another shell may have died since this one looked last. */
  history(count?: number): RunSummary[] {
    for (const runId of this.#runs.markInterrupted()) this.#subscribers.tellRun(this.#runs, runId)
    return this.#runs.listRuns(count)
  }

  /**
   * Begins the run that `make` puts into the store, which claims its target: two runs would measure each other.
   * @throws LabFailure `busy`, or what `make` throws.
   */
  begin(target: TargetId, make: () => Run): { runId: number } {
    this.#refuseBusy(target)
    // A dead lab's claim counts for nothing, and its run is no longer running.
    this.history(1)
    const engine = this.#engineFor(target)
    const run = make()
    const active = new ActiveRun(run, engine, this.#runs, this.#subscribers)
    this.#active.set(target, active)
    this.#log.note('run started', { run: runTag(run), target })
    void active.ended.then(ending => {
      this.#active.delete(target)
      this.#log.note(endingText(ending), { run: runTag(run), target })
      this.#subscribers.tell('runEnded', ending)
      this.#ended(run.id)
    })
    return { runId: run.id }
  }

  /** Resolves when the run has ended. @throws LabFailure `bad-input`, or `busy` when another shell measures it. */
  async cancel(runId: number): Promise<void> {
    const active = [...this.#active.values()].find(({ run }) => run.id === runId)
    if (active !== undefined) return active.cancel()
    const { status } = this.#runs.getSummary(runId)
    if (status === 'running') this.#refuseAnothers(runId)
    fail('bad-input', `run ${runId} is not running: it is ${status}`, 'There is nothing to cancel.')
  }

  #refuseAnothers(runId: number): never {
    const isKnown = this.#runs.isOwnerKnownAlive(runId)
    fail(
      'busy',
      `run ${runId} is measured by another shell${isKnown ? '' : ', as far as can be told'}`,
      isKnown ? 'Cancel it there.' : 'Cancel it there. If that shell is gone, abandon the run.',
    )
  }

  /** Something happened to this machine beside the loads under way. */
  disturb(mark: Mark): void {
    for (const run of this.#active.values()) run.disturb(mark)
  }

  /** Something is measured here now, a ceiling included. */
  get isMeasuring(): boolean {
    return this.#active.size > 0 || [...this.#engines.values()].some(engine => engine.isBusy)
  }

  activeOn(target: TargetId): ActiveRun | undefined {
    return this.#active.get(target)
  }

  /** Asks for the ceiling of a target where nobody measures. @throws LabFailure `busy`, and as the engine. */
  async askCeiling(site: { target: TargetId; directory: string | null }): Promise<LastEvent> {
    this.#runs.claimForCeiling(site.target)
    try {
      return await this.ask({ type: 'ceiling', ...site })
    } finally {
      this.#runs.dropClaim(site.target)
    }
  }

  /** Asks the engine of a target that is not measuring. @throws LabFailure `busy`, and as the engine. */
  ask(command: EngineCommand & { target: TargetId }): Promise<LastEvent> {
    this.#refuseBusy(command.target)
    return this.#engineFor(command.target).ask(command)
  }

  /** Interrupts what runs, keeping what was measured, and ends the engine processes. */
  async close(reason: string, graceMs: number): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#active.values()].map(run => run.interrupt(reason)))
    await Promise.all([...this.#engines.values()].map(engine => engine.end(graceMs)))
  }

  #refuseBusy(target: TargetId): void {
    const active = this.#active.get(target)
    if (active === undefined) return
    fail('busy', `run ${active.run.id} is measuring on ${target}`, 'Wait for it to end, or cancel it.')
  }

  #engineFor(target: TargetId): TargetEngine {
    if (this.#closed) throw new LabFailure(labEnded)
    const known = this.#engines.get(target)
    if (known !== undefined) return known
    this.#makeRoom()
    const engine = new TargetEngine(
      this.#starting(() => this.#about(target)),
      idleEngineMs,
    )
    this.#engines.set(target, engine)
    return engine
  }

  /** Ends an idle engine where there are too many. @throws LabFailure `busy` where none is idle. */
  #makeRoom(): void {
    if (this.#engines.size < mostEngines) return
    const idle = [...this.#engines].find(([, engine]) => !engine.isBusy)
    if (idle === undefined) {
      fail('busy', `${mostEngines} targets are in use, and more are not at once`, 'Wait for one of them.')
    }
    const [target, engine] = idle
    this.#engines.delete(target)
    void engine.end(idleEngineMs)
  }

  #about(target: TargetId): About {
    const run = this.#active.get(target)?.run
    return run === undefined ? { target } : { target, run: runTag(run) }
  }
}

function endingText({ summary, error }: RunEnding): string {
  const { status, reason, samplesDone, samplesPlanned } = summary
  const why = error === null ? reason : `${error.kind}: ${reason}`
  return `run ${status}, ${samplesDone} of ${samplesPlanned} samples${why === '' ? '' : `: ${why}`}`
}
