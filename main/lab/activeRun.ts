import type { EventPayload } from '../../contract/calls.ts'
import type { EngineEvent } from '../../contract/engine.ts'
import { type LabError, LabFailure, toLabError } from '../../contract/error.ts'
import type { Run, RunStatus } from '../../contract/run.ts'
import type { Mark, Sample } from '../../contract/sample.ts'
import { type Capabilities, targetKind } from '../../contract/target.ts'
import type { RunState, RunStore } from '../../db/runStore.ts'
import {
  experimentDifferences,
  experimentDifferencesText,
  type Setting,
} from '../../findings/sameExperiment.ts'
import { PatientQueue, whileBusy } from './patientQueue.ts'
import type { Subscribers } from './subscribers.ts'
import type { TargetEngine } from './targetEngine.ts'

/** A person's cancel is answered within 200 ms, whatever the engine does: after this it is killed. */
const cancelGraceMs = 120
/** At its end a run waits this long for a database that another lab keeps locked. */
const storePatienceMs = 60_000

/** How a run ended; `error` says why it did not end well. */
export type RunEnding = EventPayload<'runEnded'>

type Stop = { readonly status: 'cancelled' | 'interrupted'; readonly reason: string }
type Ending = {
  readonly status: Exclude<RunStatus, 'running'>
  readonly reason: string
  readonly capabilitiesAfter: Capabilities | null
  readonly error: LabError | null
}

/** One run under way: every sample is stored before anybody hears of it. */
export class ActiveRun {
  readonly run: Run
  readonly ended: Promise<RunEnding>
  /** What the engine found before the first sample; `null` when it did not come so far. */
  readonly probed: Promise<Capabilities | null>
  readonly #engine: TargetEngine
  readonly #store: RunStore
  readonly #subscribers: Subscribers
  readonly #probe = Promise.withResolvers<Capabilities | null>()
  readonly #unwanted = new AbortController()
  readonly #events = new PatientQueue<EngineEvent>(
    event => this.#keep(event),
    thrown => {
      this.#unstored = thrown
      void this.#engine.kill(0)
    },
  )
  #unstored: unknown = null
  readonly #disturbances = new Set<Mark>()
  #stop: Stop | null = null
  #known: RunState

  constructor(run: Run, engine: TargetEngine, store: RunStore, subscribers: Subscribers) {
    this.run = run
    this.#engine = engine
    this.#store = store
    this.#subscribers = subscribers
    this.#known = store.getState(run.id)
    this.probed = this.#probe.promise
    this.ended = this.#conduct()
  }

  /** Resolves when the run has ended; everything measured is kept. */
  async cancel(): Promise<void> {
    await this.#halt({ status: 'cancelled', reason: 'cancelled' })
  }

  /** The lab itself goes: the run can be resumed by the next one. */
  async interrupt(reason: string): Promise<void> {
    await this.#halt({ status: 'interrupted', reason })
  }

  /** Something beside the load happened to this machine: the sample under way says so. */
  disturb(mark: Mark): void {
    if (targetKind(this.run.plan.target) !== 'sim') this.#disturbances.add(mark)
  }

  async #halt(stop: Stop): Promise<void> {
    this.#stop ??= stop
    this.#unwanted.abort()
    this.#engine.cancel()
    const timer = setTimeout(() => void this.#engine.kill(0), cancelGraceMs)
    await this.ended
    clearTimeout(timer)
  }

  async #conduct(): Promise<RunEnding> {
    this.#subscribers.tell('runChanged', this.#known)
    const ending = await this.#measure()
    this.#probe.resolve(null)
    const error = await this.#close(ending)
    this.#subscribers.tell('runChanged', this.#known)
    return { summary: this.#known.summary, error }
  }

  async #measure(): Promise<Ending> {
    try {
      const doneKeys = this.#store.doneKeys(this.run.id)
      const command = { type: 'run', plan: this.run.plan, doneKeys } as const
      const last = await this.#engine.ask(command, event => this.#hear(event), this.#unwanted.signal)
      await this.#events.drained(storePatienceMs)
      if (last.type !== 'ended') throw new Error(`the engine ended a run with ${last.type}`)
      const { status, capabilitiesAfter } = last
      if (status === 'finished') return { status, reason: '', capabilitiesAfter, error: null }
      return { ...(this.#stop ?? cancelledElsewhere), capabilitiesAfter, error: null }
    } catch (first) {
      // What could not be stored says more than that the engine was ended for it.
      const thrown = this.#unstored ?? (await this.#keepTheRest()) ?? first
      if (this.#stop !== null && this.#unstored === null) {
        return { ...this.#stop, capabilitiesAfter: null, error: null }
      }
      const error = toLabError(thrown)
      if (thrown instanceof AnotherExperiment) {
        return { status: 'interrupted', reason: reasonOf(error), capabilitiesAfter: null, error }
      }
      return { status: statusAfter(error), reason: reasonOf(error), capabilitiesAfter: null, error }
    }
  }

  #hear(event: EngineEvent): void {
    if (event.type === 'progress') {
      this.#subscribers.tell('runProgress', { runId: this.run.id, progress: event.progress })
    } else {
      this.#events.push(event)
    }
  }

  #keep(event: EngineEvent): void {
    const runId = this.run.id
    if (event.type === 'started') {
      this.#probe.resolve(event.capabilities)
      this.#refuseAnotherExperiment(event)
      this.#store.setStarted(runId, event)
      this.#known = this.#store.getState(runId)
      this.#subscribers.tell('runChanged', this.#known)
    } else if (event.type === 'sample') {
      const sample = this.#againstCeiling(this.#marked(event.sample))
      const stored = this.#store.addSample(runId, sample, event.spans)
      this.#known = { ...this.#known, summary: stored.summary }
      this.#subscribers.tell('sampleStored', { ...stored, spans: event.spans })
    }
  }

  #marked(sample: Sample): Sample {
    const marks = [...new Set([...sample.marks, ...this.#disturbances])]
    this.#disturbances.clear()
    return { ...sample, marks }
  }

  /** A run is one experiment: what resumes it must have found what its first part found. */
  #refuseAnotherExperiment(now: Setting): void {
    const before = this.#store.getSetting(this.run.id)
    const differences = before === null ? [] : experimentDifferences(this.run.plan, before, now)
    if (differences.length === 0) return
    const message = `not resumed, because it would be another experiment: ${experimentDifferencesText(differences)}`
    throw new AnotherExperiment({
      kind: 'bad-input',
      message,
      hint: 'Start a new run with the same plan instead',
    })
  }

  /** All samples of a run are set against the one ceiling that the run shows. */
  #againstCeiling(sample: Sample): Sample {
    const { ceiling } = this.#known.run
    if (ceiling === null || sample.throughput === null) return { ...sample, ofCeiling: null }
    return { ...sample, ofCeiling: sample.throughput / ceiling.bytesPerSecond }
  }

  /** The samples that waited for the store when the engine ended. Returns why they cannot be kept, or `null`. */
  async #keepTheRest(): Promise<unknown> {
    try {
      await this.#events.drained(storePatienceMs)
      return null
    } catch (thrown) {
      return thrown
    }
  }

  /** Why the run did not end well. A store that cannot take the ending must not hide it. */
  async #close({ error, ...end }: Ending): Promise<LabError | null> {
    try {
      await whileBusy(storePatienceMs, () => this.#store.endRun(this.run.id, end))
      this.#known = this.#store.getState(this.run.id)
      return error
    } catch (thrown) {
      const storeError = toLabError(thrown)
      const untold = {
        status: end.status === 'finished' ? 'interrupted' : end.status,
        reason: end.reason || reasonOf(storeError),
        endedAt: new Date().toISOString(),
      }
      const { summary, run } = this.#known
      this.#known = { summary: { ...summary, ...untold }, run: { ...run, ...untold } }
      return error ?? storeError
    }
  }
}

/** What was measured before is kept, and may be resumed where things are as they were. */
class AnotherExperiment extends LabFailure {}

const cancelledElsewhere: Stop = { status: 'cancelled', reason: 'cancelled by the engine' }

/** What was lost under the run can come back: a process, a device, space on the disk. Then it is resumed. */
function statusAfter(error: LabError): 'cancelled' | 'interrupted' | 'failed' {
  if (error.kind === 'cancelled') return 'cancelled'
  const passing =
    error.kind === 'engine-crashed' ||
    error.kind === 'target-lost' ||
    error.kind === 'busy' ||
    error.kind.startsWith('store-')
  return passing ? 'interrupted' : 'failed'
}

function reasonOf(error: LabError): string {
  return error.hint === '' ? error.message : `${error.message}. ${error.hint}`
}
