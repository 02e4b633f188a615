import { setTimeout as delay } from 'node:timers/promises'
import { LabFailure } from '../../contract/error.ts'
import type { AgentSession } from './session.ts'

/**
 * The first word that arrives may have been on its way for a while: only the second was surely written after the
 * question was asked.
 */
const wordsThatProve = 2
/** An agent that says nothing for so long holds nothing. */
const silenceLimitMs = 60_000

/** A command that lasts, and says again and again that it does. */
export class HeldSession {
  #word = Promise.withResolvers<void>()
  #ended = false

  constructor(session: AgentSession) {
    const onWord = () => {
      const { resolve } = this.#word
      this.#word = Promise.withResolvers()
      resolve()
    }
    void session.hear(onWord).then(() => {
      this.#ended = true
      onWord()
    })
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Resolves once it is proved that the command is at work now; with `false` where it is not any more. */
  async confirm(signal: AbortSignal): Promise<boolean> {
    for (let words = 0; words < wordsThatProve; words += 1) {
      if (this.#ended || !(await this.#speaks(signal))) return false
    }
    return !this.#ended
  }

  async #speaks(signal: AbortSignal): Promise<boolean> {
    const late = new AbortController()
    const silence = delay(silenceLimitMs, false, { signal: AbortSignal.any([signal, late.signal]) })
    try {
      return await Promise.race([this.#word.promise.then(() => true), silence])
    } catch (cause) {
      throw new LabFailure({ kind: 'cancelled', message: 'cancelled', hint: '' }, { cause })
    } finally {
      late.abort()
      silence.catch(() => {})
    }
  }
}
