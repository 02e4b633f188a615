import type { EventName, EventPayload } from '../../contract/calls.ts'
import type { RunSummary } from '../../contract/run.ts'

/** What of the lab is listened to. */
export type LabEvents = {
  readonly on: <E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void) => () => void
}

/** What of Electron is used while something is measured. */
export type Attention = {
  /** Something is measured from now on: the machine stays awake. Returns what ends that. */
  readonly begin: () => () => void
  /** From 0 to 1 in the task bar; below 0 takes it away. */
  readonly showProgress: (fraction: number) => void
  /** Whether the person looks at the window. */
  readonly isWatched: () => boolean
  readonly notify: (message: string) => void
}

/** Somebody who waited this long has turned to something else. */
const longRunMs = 30_000

/** Which runs are under way, for the task bar, the machine's sleep, and the question whether to quit. */
export class RunWatch {
  readonly #running = new Map<number, RunSummary>()
  readonly #attention: Attention
  #end: (() => void) | null = null

  constructor(lab: LabEvents, attention: Attention) {
    this.#attention = attention
    lab.on('runChanged', ({ summary }) => this.#take(summary))
    lab.on('sampleStored', ({ summary }) => this.#take(summary))
    lab.on('runDeleted', ({ runId }) => this.#running.delete(runId))
  }

  get count(): number {
    return this.#running.size
  }

  #take(run: RunSummary): void {
    const before = this.#running.get(run.id)
    if (run.status === 'running') this.#running.set(run.id, run)
    else this.#running.delete(run.id)
    this.#beginOrEnd()
    this.#attention.showProgress(fractionOf([...this.#running.values()]))
    if (before !== undefined && run.status !== 'running') this.#tellEnd(run)
  }

  #beginOrEnd(): void {
    if (this.count > 0) {
      this.#end ??= this.#attention.begin()
    } else {
      this.#end?.()
      this.#end = null
    }
  }

  #tellEnd(run: RunSummary): void {
    const tookMs = Date.now() - Date.parse(run.createdAt)
    if (tookMs < longRunMs || this.#attention.isWatched()) return
    this.#attention.notify(
      `Run ${run.id} ${run.status}: ${run.samplesDone} of ${run.samplesPlanned} samples kept`,
    )
  }
}

/** Below 0 where nothing runs; 2 where nobody can say yet, which Electron shows as a bar that moves. */
function fractionOf(running: readonly RunSummary[]): number {
  if (running.length === 0) return -1
  const planned = running.reduce((sum, run) => sum + run.samplesPlanned, 0)
  const done = running.reduce((sum, run) => sum + run.samplesDone, 0)
  return planned === 0 ? 2 : done / planned
}
