import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type CheckResult, checkResultSchema } from '../../db/storeCheck.ts'
import { endThread } from './threads/endThread.ts'

/** A start has other things to do first. */
const startAfterMs = 3000
/** Between two slices the disk and the processor are everybody else's. */
const pauseMs = 40
const busyPauseMs = 1000

const answerSchema = checkResultSchema.nullable()

export type DatabaseCheckParts = {
  /** The built or plain `db/checkWorker`. */
  readonly workerFile: string
  readonly databaseFile: string
  /** While something is measured, the check rests: it reads the disk that may be measured. */
  readonly isMeasuring: () => boolean
  readonly startAfterMs?: number
}

/** One look at the whole database, slice by slice on a thread of its own. */
export class DatabaseCheck {
  readonly #parts: DatabaseCheckParts
  readonly #closing = new AbortController()
  #work: Promise<CheckResult | null> | null = null

  constructor(parts: DatabaseCheckParts) {
    this.#parts = parts
  }

  /** Resolves with what was found; `null` where the lab closed before. Rejects where the database cannot be read. */
  run(): Promise<CheckResult | null> {
    this.#work ??= this.#look().catch(thrown => {
      if (this.#closing.signal.aborted) return null
      throw thrown
    })
    return this.#work
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#work?.catch(() => {})
  }

  async #look(): Promise<CheckResult> {
    await this.#pause(this.#parts.startAfterMs ?? startAfterMs)
    const worker = new Worker(this.#parts.workerFile, { workerData: this.#parts.databaseFile })
    worker.unref()
    try {
      for (;;) {
        while (this.#parts.isMeasuring()) await this.#pause(busyPauseMs)
        worker.postMessage('slice')
        const [message] = await once(worker, 'message', { signal: this.#closing.signal })
        const result = answerSchema.parse(message)
        if (result !== null) return result
        await this.#pause(pauseMs)
      }
    } finally {
      await endThread(worker)
    }
  }

  /** Nobody waits for a check in order to end. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal, ref: false })
  }
}
