import type { CheckedInput } from '../../contract/calls.ts'
import type { RunComparison, SidesComparison } from '../../contract/comparison.ts'
import type { LedgerStore } from '../../db/ledgerStore.ts'
import { asTwoRuns } from '../../findings/compareRuns.ts'
import type { FindingsThread } from './findings/findingsThread.ts'
import type { JobInput } from './findings/jobs.ts'
import type { Subscribers } from './subscribers.ts'

/** What is set beside each other, worked out in a thread of its own and ended when nobody asks any more. */
export class Comparisons {
  readonly #ledger: LedgerStore
  readonly #thread: FindingsThread
  readonly #subscribers: Subscribers
  readonly #asked = new Map<string, AbortController>()

  constructor(ledger: LedgerStore, thread: FindingsThread, subscribers: Subscribers) {
    this.#ledger = ledger
    this.#thread = thread
    this.#subscribers = subscribers
  }

  async compare(baseline: number, candidate: number): Promise<RunComparison> {
    const sides = [baseline, candidate].map(runId => ({
      runId,
      scheme: null,
      device: this.#ledger.deviceOf(runId),
    }))
    return asTwoRuns(await this.#thread.ask('compare', { sides }))
  }

  /** @throws LabFailure `cancelled` where the asker asked something else meanwhile, or dropped it. */
  async compareSides({ asker, sides }: CheckedInput<'runs', 'compareSides'>): Promise<SidesComparison> {
    this.drop(asker)
    const known = sides.map(side => this.#known(side))
    const controller = new AbortController()
    this.#asked.set(asker, controller)
    try {
      return await this.#thread.ask(
        'compare',
        { sides: known },
        {
          signal: controller.signal,
          tellProgress: (done, total) => this.#subscribers.tell('comparisonProgress', { asker, done, total }),
        },
      )
    } finally {
      if (this.#asked.get(asker) === controller) this.#asked.delete(asker)
    }
  }

  drop(asker: string): void {
    this.#asked.get(asker)?.abort()
    this.#asked.delete(asker)
  }

  #known(side: CheckedInput<'runs', 'compareSides'>['sides'][number]): JobInput<'compare'>['sides'][number] {
    const runId = 'runId' in side ? side.runId : this.#ledger.newestOf(side.device)
    return { runId, scheme: side.scheme, device: this.#ledger.deviceOf(runId) }
  }
}
