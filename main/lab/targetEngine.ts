import type { EngineCommand, EngineEvent } from '../../contract/engine.ts'
import { errnoHint, errnoOf, fail, type LabError, LabFailure } from '../../contract/error.ts'
import type { EngineExit, EngineProcess, StartEngine } from './engineProcess.ts'

/** The event that ends a command; `failed` is thrown as the error it carries. */
export type LastEvent = Extract<
  EngineEvent,
  { type: 'probed' | 'ceilingMeasured' | 'inspected' | 'cleaned' | 'modelAnswered' | 'ended' }
>

type Exchange = {
  readonly engine: EngineProcess
  readonly onEvent: (event: EngineEvent) => void
  readonly answer: PromiseWithResolvers<LastEvent>
}

/** Commands that wait for their turn, one after the other. */
const mostAsked = 64
const tooManyAsked: LabError = {
  kind: 'busy',
  message: `${mostAsked} questions wait for the same engine process`,
  hint: 'Wait for the answers, then ask again.',
}

/** What is asked of a lab that ends: another process would outlive it. */
export const labEnded: LabError = {
  kind: 'target-unavailable',
  message: 'the lab has ended',
  hint: 'Start it again.',
}

/** One target's engine process: started when asked, asked one thing at a time, let go after `idleMs` without work. */
export class TargetEngine {
  readonly #start: StartEngine
  readonly #idleMs: number
  #engine: EngineProcess | null = null
  #exchange: Exchange | null = null
  #idleTimer: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #asked = 0
  #ended = false

  constructor(start: StartEngine, idleMs: number) {
    this.#start = start
    this.#idleMs = idleMs
  }

  /** Something is asked and not answered yet. */
  get isBusy(): boolean {
    return this.#asked > 0
  }

  /**
   * Sends a command when its turn comes and resolves with the event that ends it; the others go to `onEvent`.
   * When `onEvent` throws, the process is killed. A command that is `unwanted` when its turn comes is not sent.
   * @throws LabFailure `busy` where too many wait for their turn, `engine-crashed` when the process dies, or what the engine reported, or what `onEvent` threw.
   */
  ask(
    command: EngineCommand,
    onEvent: (event: EngineEvent) => void = () => {},
    unwanted?: AbortSignal,
  ): Promise<LastEvent> {
    if (this.#asked >= mostAsked) return Promise.reject(new LabFailure(tooManyAsked))
    this.#asked += 1
    const answer = this.#turn.then(() => {
      unwanted?.throwIfAborted()
      if (this.#ended) throw new LabFailure(labEnded)
      return this.#converse(command, onEvent)
    })
    this.#turn = answer
      .catch(() => {})
      .finally(() => {
        this.#asked -= 1
      })
    return answer
  }

  /** Asks the command under way to stop; it still ends with its last event. */
  cancel(): void {
    this.#engine?.send({ type: 'cancel' })
  }

  /** As {@link kill}, for good: what waits for its turn starts no other process. */
  async end(graceMs: number): Promise<void> {
    this.#ended = true
    await this.kill(graceMs)
  }

  /** Ends the process; a command under way fails with `engine-crashed` at once. */
  async kill(graceMs: number): Promise<void> {
    clearTimeout(this.#idleTimer)
    const engine = this.#engine
    this.#engine = null
    this.#exchange?.answer.reject(lost({ type: 'exited' }))
    await engine?.kill(graceMs)
  }

  async #converse(command: EngineCommand, onEvent: (event: EngineEvent) => void): Promise<LastEvent> {
    clearTimeout(this.#idleTimer)
    this.#engine ??= this.#startEngine()
    const exchange = { engine: this.#engine, onEvent, answer: Promise.withResolvers<LastEvent>() }
    this.#exchange = exchange
    exchange.engine.send(command)
    try {
      return await exchange.answer.promise
    } finally {
      this.#exchange = null
      this.#idleTimer = setTimeout(() => void this.kill(this.#idleMs), this.#idleMs)
      this.#idleTimer.unref()
    }
  }

  #startEngine(): EngineProcess {
    const engine = this.#start()
    engine.onEvent(event => {
      if (this.#exchange?.engine === engine) this.#hear(event, this.#exchange)
    })
    engine.onExit(exit => {
      if (this.#engine === engine) this.#engine = null
      if (this.#exchange?.engine === engine) this.#exchange.answer.reject(lost(exit))
    })
    return engine
  }

  #hear(event: EngineEvent, { answer, onEvent }: Exchange): void {
    switch (event.type) {
      case 'probed':
      case 'ceilingMeasured':
      case 'inspected':
      case 'cleaned':
      case 'modelAnswered':
      case 'ended':
        answer.resolve(event)
        return
      case 'failed':
        answer.reject(new LabFailure(event.error))
        return
      default:
        try {
          onEvent(event)
        } catch (thrown) {
          answer.reject(thrown)
          void this.kill(0)
        }
    }
  }
}

/** The engine ended a command in another command's words. */
export function wrongAnswer(answer: LastEvent): never {
  fail('internal', `the engine answered with ${answer.type}`, 'This is a fault of the lab. Please report it.')
}

function lost(exit: EngineExit): LabFailure {
  const message = exit.type === 'crashed' ? exit.reason : 'the engine process ended before it answered'
  const cause = errnoHint(errnoOf(message))
  const next = 'Try again. A run keeps what it has measured and can be resumed.'
  return new LabFailure({
    kind: 'engine-crashed',
    message,
    hint: cause === null ? next : `${cause} ${next}`,
  })
}
