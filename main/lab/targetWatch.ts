import { LabFailure } from '../../contract/error.ts'
import type { TargetSummary } from '../../contract/target.ts'
import type { EngineProcess, StartEngine } from './engineProcess.ts'
import { labEnded } from './targetEngine.ts'

/** The list of targets, kept current by an engine process of its own from the first time it is asked for. */
export class TargetWatch {
  readonly #start: StartEngine
  readonly #onChange: (targets: TargetSummary[]) => void
  #engine: EngineProcess | null = null
  #closed = false
  #latest = Promise.withResolvers<TargetSummary[]>()

  constructor(start: StartEngine, onChange: (targets: TargetSummary[]) => void) {
    this.#start = start
    this.#onChange = onChange
  }

  /** @throws LabFailure `engine-crashed`; the next call starts a new process. */
  list(): Promise<TargetSummary[]> {
    if (this.#closed) return Promise.reject(new LabFailure(labEnded))
    this.#engine ??= this.#watch()
    return this.#latest.promise
  }

  /** What is listed beside devices has changed, such as the profiles: looks again, if anybody has looked. */
  async renew(graceMs: number): Promise<void> {
    const engine = this.#engine
    if (engine === null) return
    this.#engine = null
    await engine.kill(graceMs)
    await this.list()
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true
    await this.#engine?.kill(graceMs)
  }

  #watch(): EngineProcess {
    const engine = this.#start()
    const first = Promise.withResolvers<TargetSummary[]>()
    // A list nobody waits for may fail unheard.
    first.promise.catch(() => {})
    this.#latest = first
    engine.onEvent(event => {
      if (event.type === 'failed') {
        first.reject(new LabFailure(event.error))
        // The next one who asks gets a new process.
        void engine.kill(0)
      }
      if (event.type !== 'targets') return
      first.resolve(event.targets)
      this.#latest = { ...first, promise: Promise.resolve(event.targets) }
      this.#onChange(event.targets)
    })
    engine.onExit(exit => {
      if (this.#engine === engine) this.#engine = null
      const message = exit.type === 'crashed' ? exit.reason : 'the watch over targets has ended'
      first.reject(new LabFailure({ kind: 'engine-crashed', message, hint: 'Ask for the targets again.' }))
    })
    engine.send({ type: 'watchTargets' })
    return engine
  }
}
