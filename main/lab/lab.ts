import { existsSync } from 'node:fs'
import type { CallOutput, CheckedInput, EventName, EventPayload, LabHandlers } from '../../contract/calls.ts'
import type { RunComparison } from '../../contract/comparison.ts'
import type { EngineCommand } from '../../contract/engine.ts'
import { fail } from '../../contract/error.ts'
import type { ModelQuestion } from '../../contract/model.ts'
import type { Run, RunSummary } from '../../contract/run.ts'
import type { Mark } from '../../contract/sample.ts'
import type { Capabilities, TargetId } from '../../contract/target.ts'
import { importRun } from '../../db/importRun.ts'
import type { Store } from '../../db/openStore.ts'
import { compareRuns } from '../../findings/compareRuns.ts'
import { exportRun } from '../../findings/exports/exportRun.ts'
import { ActiveRun, type RunEnding } from './activeRun.ts'
import { logEngine } from './engineLog.ts'
import type { StartEngine } from './engineProcess.ts'
import { type About, type LabLog, runTag } from './log/labLog.ts'
import { loggedHandlers } from './loggedHandlers.ts'
import { modelHandlers } from './modelCalls.ts'
import type { LabPaths } from './paths.ts'
import { Subscribers } from './subscribers.ts'
import { type LastEvent, TargetEngine } from './targetEngine.ts'
import { TargetWatch } from './targetWatch.ts'

const idleEngineMs = 5000
const closeGraceMs = 1000
const agentMissing = 'The agent is not built. Only simulated targets can run.'

export type LabParts = {
  readonly store: Store
  readonly startEngine: StartEngine
  readonly paths: LabPaths
  readonly log: LabLog
  readonly shell: CallOutput<'labInfo'>['shell']
  readonly version: string
}

/** The application: what every shell serves. It owns its engine processes; the store is its maker's. */
export class LabApplication {
  readonly handlers: LabHandlers
  readonly #parts: LabParts
  readonly #subscribers = new Subscribers()
  readonly #engines = new Map<TargetId, TargetEngine>()
  readonly #active = new Map<TargetId, ActiveRun>()
  readonly #watch: TargetWatch
  readonly #modelEngine: TargetEngine

  constructor(parts: LabParts) {
    this.#parts = parts
    this.#watch = new TargetWatch(
      this.#starting(() => ({ task: 'targets' })),
      targets => this.#subscribers.tell('targetsChanged', targets),
    )
    this.#modelEngine = new TargetEngine(
      this.#starting(() => ({ task: 'model' })),
      idleEngineMs,
    )
    this.handlers = loggedHandlers(this.#makeHandlers(), parts.log)
  }

  /** What the store has to tell: a damaged database kept aside, runs found dead. */
  get notices(): readonly string[] {
    return this.#parts.store.notices
  }

  /** Returns the unsubscribe. */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
    return this.#subscribers.add(event, listener)
  }

  /** Resolves when a run that this lab started has ended. @throws LabFailure `not-found` for any other run. */
  runEnded(runId: number): Promise<RunEnding> {
    return (this.#activeRun(runId) ?? fail('not-found', `run ${runId} is not under way here`, '')).ended
  }

  /** Something happened to this machine: every sample under way is marked with it. */
  disturb(mark: Mark): void {
    for (const run of this.#active.values()) run.disturb(mark)
  }

  /** Judges `candidate` against `baseline`. @throws LabFailure `not-found`. */
  compareRuns(baseline: number, candidate: number): RunComparison {
    const { runs } = this.#parts.store
    return compareRuns(runs.getRun(baseline), runs.getRun(candidate))
  }

  /** Interrupts what runs, keeping what was measured, and ends every engine process. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#active.values()].map(run => run.interrupt('the lab was closed during the run')),
    )
    const engines = [...this.#engines.values()].map(engine => engine.kill(closeGraceMs))
    await Promise.all([...engines, this.#modelEngine.kill(closeGraceMs), this.#watch.close(closeGraceMs)])
  }

  #makeHandlers(): LabHandlers {
    const { runs } = this.#parts.store
    return {
      labInfo: () => this.#info(),
      listTargets: () => this.#watch.list(),
      probeTarget: place => {
        const active = this.#active.get(place.target)
        return active?.run.plan.directory === place.directory
          ? this.#probedBy(active, place)
          : this.#probe(place)
      },
      measureCeiling: async place => {
        const answer = await this.#askIdle({ type: 'ceiling', ...place })
        return answer.type === 'ceilingMeasured' ? answer.ceiling : wrongAnswer(answer)
      },
      inspectFile: async file => {
        const answer = await this.#askIdle({ type: 'inspect', ...file })
        return answer.type === 'inspected' ? { path: answer.path, bytes: answer.bytes } : wrongAnswer(answer)
      },
      startRun: plan => {
        this.#refuseMeasured(plan.target)
        return this.#begin(runs.createRun({ plan, labVersion: this.#parts.version, title: plan.target }))
      },
      cancelRun: ({ runId }) => this.#cancel(runId),
      resumeRun: ({ runId }) => {
        this.#refuseMeasured(runs.getSummary(runId).target)
        return this.#begin(runs.reopenRun(runId))
      },
      listRuns: () => this.#history(),
      getRun: ({ runId, samples }) => runs.getRun(runId, samples),
      getSpans: ({ sampleId }) => runs.getSpans(sampleId),
      deleteRun: ({ runId }) => {
        runs.deleteRun(runId)
        this.#subscribers.tell('runDeleted', { runId })
        return {}
      },
      exportRun: ({ runId, format }) =>
        exportRun(runs.getRun(runId), sampleId => runs.getSpans(sampleId), format),
      compareRuns: ({ baseline, candidate }) => this.compareRuns(baseline, candidate),
      importRun: ({ text }) => {
        const { id } = importRun(text, runs)
        this.#subscribers.tell('runChanged', runs.getSummary(id))
        return { runId: id }
      },
      ...modelHandlers({
        ask: question => this.#askModel(question),
        getRun: runId => runs.getRun(runId),
        profilesChanged: () => this.#watch.renew(closeGraceMs),
      }),
    }
  }

  async #askModel(question: ModelQuestion): Promise<unknown> {
    const answer = await this.#modelEngine.ask({ type: 'model', question })
    return answer.type === 'modelAnswered' ? answer.answer : wrongAnswer(answer)
  }

  #info(): CallOutput<'labInfo'> {
    const { store, paths, shell, version, log } = this.#parts
    const noAgent = existsSync(paths.engine.agentDirectory) ? [] : [agentMissing]
    return {
      version,
      shell,
      dataDirectory: paths.dataDirectory,
      databaseFile: store.file,
      logFile: log.path,
      notices: [...store.notices, ...noAgent],
    }
  }

  #begin(run: Run): { runId: number } {
    const { target } = run.plan
    const active = new ActiveRun(run, this.#engineFor(target), this.#parts.store.runs, this.#subscribers)
    this.#active.set(target, active)
    this.#parts.log.note('run started', { run: runTag(run), target })
    void active.ended.then(ending => {
      this.#active.delete(target)
      this.#parts.log.note(endingText(ending), { run: runTag(run), target })
    })
    return { runId: run.id }
  }

  async #cancel(runId: number): Promise<Record<string, never>> {
    const active = this.#activeRun(runId)
    if (active === undefined) {
      const { status } = this.#parts.store.runs.getSummary(runId)
      if (status === 'running') fail('busy', `run ${runId} is measured by another shell`, 'Cancel it there.')
      fail('bad-input', `run ${runId} is not running: it is ${status}`, 'There is nothing to cancel.')
    }
    await active.cancel()
    return {}
  }

  #askIdle(command: EngineCommand & { target: TargetId }): Promise<LastEvent> {
    this.#refuseBusy(command.target)
    return this.#engineFor(command.target).ask(command)
  }

  async #probe(place: CheckedInput<'probeTarget'>): Promise<Capabilities> {
    const answer = await this.#askIdle({ type: 'probe', ...place })
    return answer.type === 'probed' ? answer.capabilities : wrongAnswer(answer)
  }

  /** A run has just probed its target; probing again would disturb it. */
  async #probedBy(run: ActiveRun, place: CheckedInput<'probeTarget'>): Promise<Capabilities> {
    return (await run.probed) ?? this.#probe(place)
  }

  #refuseBusy(target: TargetId): void {
    const active = this.#active.get(target)
    if (active === undefined) return
    fail('busy', `run ${active.run.id} is measuring on ${target}`, 'Wait for it to end, or cancel it.')
  }

  /** Two runs on one target would measure each other, in whichever shells they are. */
  #refuseMeasured(target: TargetId): void {
    this.#refuseBusy(target)
    const other = this.#history().find(run => run.status === 'running' && run.target === target)
    if (other === undefined) return
    fail(
      'busy',
      `run ${other.id} of another shell is measuring on ${target}`,
      'Wait for it, or cancel it there.',
    )
  }

  #history(): RunSummary[] {
    const { runs } = this.#parts.store
    // Another shell may have died since this one opened the store.
    for (const runId of runs.markInterrupted()) {
      this.#subscribers.tell('runChanged', runs.getSummary(runId))
    }
    return runs.listRuns()
  }

  #activeRun(runId: number): ActiveRun | undefined {
    return [...this.#active.values()].find(active => active.run.id === runId)
  }

  #engineFor(target: TargetId): TargetEngine {
    const known = this.#engines.get(target)
    if (known !== undefined) return known
    const about = () => this.#aboutEngine(target)
    const engine = new TargetEngine(this.#starting(about), idleEngineMs)
    this.#engines.set(target, engine)
    return engine
  }

  #aboutEngine(target: TargetId): About {
    const run = this.#active.get(target)?.run
    return run === undefined ? { target } : { target, run: runTag(run) }
  }

  /** Starts an engine process whose life is noted down; `about` is asked at each line. */
  #starting(about: () => About): StartEngine {
    return () => logEngine(this.#parts.startEngine(), this.#parts.log, about)
  }
}

function endingText({ summary, error }: RunEnding): string {
  const { status, reason, samplesDone, samplesPlanned } = summary
  const why = error === null ? reason : `${error.kind}: ${reason}`
  return `run ${status}, ${samplesDone} of ${samplesPlanned} samples${why === '' ? '' : `: ${why}`}`
}

function wrongAnswer(answer: LastEvent): never {
  fail('internal', `the engine answered with ${answer.type}`, 'This is a fault of the lab. Please report it.')
}
