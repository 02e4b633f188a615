import type { LabHandlers } from '../../contract/calls.ts'
import type { LedgerRow } from '../../contract/ledger.ts'
import { type LedgerStore, looksFurther } from '../../db/ledgerStore.ts'
import type { LedgerKeeper } from './ledgerKeeper.ts'
import type { Subscribers } from './subscribers.ts'

export type LedgerParts = {
  readonly ledger: LedgerStore
  readonly keeper: LedgerKeeper
  readonly subscribers: Subscribers
}

/** The calls about the list of runs: what is in it, and what a run is set against. */
export function ledgerHandlers({ ledger, keeper, subscribers }: LedgerParts): LabHandlers['ledger'] {
  const changed = (runId: number) => {
    subscribers.tell('ledgerChanged', { runIds: [runId] })
    return {}
  }
  return {
    rows: async window => {
      if (looksFurther(window)) await keeper.makeSearchable()
      const found = ledger.rows(window)
      const unknown = found.rows.filter(isUnknown).map(row => row.id)
      if (unknown.length > 0) keeper.want(unknown)
      return found
    },
    facets: async ({ filter }) => {
      await keeper.makeSearchable()
      return ledger.facets(filter)
    },
    ids: async order => {
      if (looksFurther(order)) await keeper.makeSearchable()
      return ledger.ids(order.filter, order.sort)
    },
    settle: async ({ runIds }) => {
      await keeper.settle(runIds)
      return {}
    },
    pin: ({ runId }) => {
      ledger.pin(runId)
      keeper.renew(runId)
      return changed(runId)
    },
    unpin: ({ runId }) => {
      ledger.unpin(runId)
      return changed(runId)
    },
    trend: ({ device, scheme, bytes }) => {
      const { points, unknown } = ledger.trend(device, scheme, bytes)
      if (unknown.length > 0) keeper.want(unknown)
      return points
    },
  }
}

/** A run without an answer, or without what it is against a baseline, which may not be worked out yet. */
export function isUnknown({ status, isKnown, change, isBaseline }: LedgerRow): boolean {
  return status !== 'running' && (!isKnown || (change === null && !isBaseline))
}
