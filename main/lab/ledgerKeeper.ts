import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { LabFailure } from '../../contract/error.ts'
import type { LedgerStore } from '../../db/ledgerStore.ts'
import type { ChangeTask } from '../../db/ledgerTable.ts'
import type { FindingsThread } from './findings/findingsThread.ts'

const pendingAtOnce = 200
/** What was found out is told together. */
const tellEveryMs = 200
/** While something measures here, only what is looked at is worked out. */
const quietEveryMs = 1000
const mostTries = 3

export type KeeperParts = {
  readonly ledger: LedgerStore
  readonly thread: FindingsThread
  readonly isMeasuring: () => boolean
  readonly tellChanged: (runIds: readonly number[]) => void
}

/** Keeps the ledger's answers in step with the runs: first those that somebody looks at, then all others. */
export class LedgerKeeper {
  readonly #parts: KeeperParts
  #wanted: readonly number[] = []
  #all = false
  #work: Promise<void> | null = null
  #searchable: Promise<void> | null = null
  readonly #closed = new AbortController()
  readonly #tried = new Map<number, number>()
  #found: number[] = []
  #toldMs = 0

  constructor(parts: KeeperParts) {
    this.#parts = parts
  }

  /** These are looked at now. */
  want(runIds: readonly number[]): void {
    this.#wanted = runIds
    this.#go()
  }

  /** From now on every run is kept up to date. */
  keepAll(): void {
    this.#all = true
    this.#go()
  }

  /** Resolves when filters and orders find all they look at: a history of an older lab is brought up to that in slices. */
  makeSearchable(): Promise<void> {
    this.#searchable ??= this.#makeSearchable().finally(() => {
      this.#searchable = null
    })
    return this.#searchable
  }

  async #makeSearchable(): Promise<void> {
    while (!this.#closed.signal.aborted && !this.#parts.ledger.makeSomeSearchable()) await nextTurn()
  }

  /** A run has ended or came in, or is set against another baseline. Where not all are kept, who looks at it asks. */
  renew(runId: number): void {
    this.#tried.delete(runId)
    if (this.#all) this.want([...this.#wanted, runId])
  }

  /** Resolves when what can be said of these runs is known. */
  async settle(runIds: readonly number[]): Promise<void> {
    for (const runId of runIds) await this.#settle(runId)
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await this.#work?.catch(() => {})
  }

  #go(): void {
    this.#work ??= this.#workAll()
      .catch(thrown => {
        // What fails now is tried again when somebody looks next.
        if (!(thrown instanceof LabFailure) && !this.#closed.signal.aborted) {
          process.emitWarning(`the ledger is not kept: ${String(thrown)}`)
        }
      })
      .finally(() => {
        this.#work = null
        this.#tell(true)
      })
  }

  async #workAll(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      const wanted = this.#wanted
      this.#wanted = []
      const isDone = wanted.length > 0 ? await this.#settleWanted(wanted) : await this.#settlePending()
      if (isDone && this.#wanted.length === 0 && wanted.length === 0) return
    }
  }

  /** Ends early where somebody looks elsewhere meanwhile. */
  async #settleWanted(wanted: readonly number[]): Promise<boolean> {
    for (const runId of wanted) {
      if (this.#closed.signal.aborted || this.#wanted.length > 0) return false
      await this.#settle(runId)
    }
    return true
  }

  /** @returns whether there is nothing left to do. */
  async #settlePending(): Promise<boolean> {
    if (!this.#all) return true
    const pending = this.#parts.ledger.pendingIds(pendingAtOnce).filter(runId => !this.#isVain(runId))
    for (const runId of pending) {
      if (this.#closed.signal.aborted || this.#wanted.length > 0) return false
      if (this.#parts.isMeasuring()) {
        await sleep(quietEveryMs, undefined, { signal: this.#closed.signal })
        return false
      }
      this.#tried.set(runId, (this.#tried.get(runId) ?? 0) + 1)
      await this.#settle(runId)
    }
    return pending.length === 0
  }

  /** What changes under the work each time is left to who looks at it. */
  #isVain(runId: number): boolean {
    return (this.#tried.get(runId) ?? 0) >= mostTries
  }

  async #settle(runId: number): Promise<void> {
    const { ledger } = this.#parts
    const { answer, change } = ledger.taskOf(runId)
    if (answer === null && change === null) return
    if (answer !== null) await this.#digest(runId, answer)
    const then = answer === null ? change : ledger.taskOf(runId).change
    if (then !== null) await this.#change(then)
    this.#found.push(runId)
    this.#tell(false)
  }

  async #digest(runId: number, changedAt: string): Promise<void> {
    const { ledger, thread } = this.#parts
    try {
      const found = await thread.ask('digest', { runId })
      ledger.storeDigest(runId, found.changedAt, found.digest)
    } catch (thrown) {
      // What cannot be read has no answer; it is not asked for again and again.
      const isItsOwn = thrown instanceof LabFailure && thrown.kind !== 'cancelled' && thrown.kind !== 'busy'
      if (!isItsOwn) throw thrown
      ledger.storeDigest(runId, changedAt, { answer: null, cells: [] })
    }
  }

  async #change(task: ChangeTask): Promise<void> {
    const { ledger, thread } = this.#parts
    if (ledger.taskOf(task.baseline).answer !== null) await this.#settle(task.baseline)
    const run = ledger.cellsOf(task.runId)
    const baseline = { id: task.baseline, cells: ledger.cellsOf(task.baseline).cells }
    const change = await thread.ask('change', { run, baseline })
    ledger.storeChange(task, change)
  }

  #tell(now: boolean): void {
    const nowMs = performance.now()
    if (this.#found.length === 0 || (!now && nowMs - this.#toldMs < tellEveryMs)) return
    this.#toldMs = nowMs
    const found = this.#found
    this.#found = []
    this.#parts.tellChanged(found)
  }
}
