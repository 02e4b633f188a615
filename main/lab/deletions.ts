import { setTimeout as sleep } from 'node:timers/promises'
import { undoMs } from '../../contract/calls.ts'
import { LabFailure } from '../../contract/error.ts'
import type { RunStore } from '../../db/runStore.ts'

/** Between two slices everybody else has their turn: the lab's other calls, and other labs' samples. */
const pauseMs = 1
const busyPauseMs = 200

/** Clears away what deleted runs held, slice by slice, once for all who wait for it. */
export class Deletions {
  readonly #runs: RunStore
  #work: Promise<void> | null = null
  #closed = false
  #timer: NodeJS.Timeout | undefined

  constructor(runs: RunStore) {
    this.#runs = runs
  }

  /** Resolves when all of it is gone, or the lab closes: then the next one goes on. */
  clear(): Promise<void> {
    this.#work ??= this.#clearAll().finally(() => {
      this.#work = null
    })
    return this.#work
  }

  /** Deletes what was discarded longer ago than it can be restored, and the rest when its time has come. */
  async clearDiscarded(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#closed) return
    this.#runs.deleteDiscarded(new Date(Date.now() - undoMs))
    this.#timer = setTimeout(() => void this.clearDiscarded().catch(warn), undoMs)
    // A shell that ends meanwhile leaves the rest to the next one.
    this.#timer.unref()
    await this.clear()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#work?.catch(() => {})
  }

  async #clearAll(): Promise<void> {
    while (!this.#closed && (await this.#slice())) await sleep(pauseMs)
  }

  async #slice(): Promise<boolean> {
    try {
      return this.#runs.deleteSlice()
    } catch (thrown) {
      if (!(thrown instanceof LabFailure && thrown.kind === 'busy')) throw thrown
      await sleep(busyPauseMs)
      return true
    }
  }
}

function warn(thrown: unknown): void {
  process.emitWarning(`deleted runs are left: ${String(thrown)}`)
}
