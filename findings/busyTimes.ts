import { type Phase, phases, type Span } from '../contract/sample.ts'

export type BusyTime = { readonly phase: Phase; readonly ns: number }

/** How long each phase was at work in [fromNs, toNs], summed over its spans, in the order of the contract. */
export function busyTimes(spans: readonly Span[], fromNs: number, toNs: number): BusyTime[] {
  const sums = new Map<Phase, number>()
  for (const { phase, startNs, endNs } of spans) {
    const ns = Math.min(endNs, toNs) - Math.max(startNs, fromNs)
    if (ns > 0) sums.set(phase, (sums.get(phase) ?? 0) + ns)
  }
  return phases.flatMap(phase => {
    const ns = sums.get(phase)
    return ns === undefined ? [] : [{ phase, ns }]
  })
}
