import type { Phase, Sample, Span } from '../contract/sample.ts'

export type PhaseTimes = Pick<
  Sample,
  'openNs' | 'allocNs' | 'mapNs' | 'createNs' | 'readNs' | 'closeNs' | 'remainingAllocNs'
>

/** Time in which at least one span of each phase was open. A phase without spans is not in the map. */
export function busyNsByPhase(spans: readonly Span[]): ReadonlyMap<Phase, number> {
  const busy = new Map<Phase, { ns: number; coveredToNs: number }>()
  for (const { phase, startNs, endNs } of spans.toSorted((a, b) => a.startNs - b.startNs)) {
    const before = busy.get(phase) ?? { ns: 0, coveredToNs: 0 }
    const fromNs = Math.max(startNs, before.coveredToNs)
    const addedNs = Math.max(0, endNs - fromNs)
    busy.set(phase, { ns: before.ns + addedNs, coveredToNs: Math.max(before.coveredToNs, endNs) })
  }
  return new Map([...busy].map(([phase, { ns }]) => [phase, ns]))
}

/**
 * The times of a sample that its spans tell. A scheme reads or copies, never both, so `readNs` is that of `copy` where it
 * copies. `firstGatherNs` is measured apart: the spans of a lane that several threads share are cut to follow each other,
 * so that a first gather which is all there is may take longer than they say.
 */
export function phaseTimes(spans: readonly Span[], firstGatherNs: number | null): PhaseTimes {
  const busy = busyNsByPhase(spans)
  const of = (phase: Phase) => busy.get(phase) ?? null
  const allocNs = of('alloc')
  return {
    openNs: of('open'),
    allocNs,
    mapNs: of('map'),
    createNs: of('create'),
    readNs: of('read') ?? of('copy'),
    closeNs: of('close'),
    remainingAllocNs:
      allocNs === null || firstGatherNs === null ? null : Math.max(0, allocNs - firstGatherNs),
  }
}
