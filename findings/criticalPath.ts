import type { Span } from '../contract/sample.ts'

/** A stretch of the critical path: one span's work, or `null` where a load was handed over between two. */
export type PathStep = { readonly span: Span | null; readonly startNs: number; readonly endNs: number }

/**
 * What the total is made of, from its end back to its start: each span began when the last thing that it needed was
 * done. Work on a gather needs what its own lane did before and what was done for the gather; other work follows on in
 * its lane, or else needs whatever was done last. The steps fill [0, total] without a gap. Waiting and closing are no
 * work for the total.
 */
export function criticalPath(spans: readonly Span[], totalNs: number): PathStep[] {
  const work = spans.filter(isWork)
  const before = predecessorsAmong(work)
  const steps: PathStep[] = []
  let untilNs = totalNs
  let span = lastBy(byEnd(work), totalNs) ?? work.find(({ startNs }) => startNs < totalNs) ?? null
  while (span !== null && untilNs > 0) {
    const endNs = Math.min(span.endNs, untilNs)
    if (endNs < untilNs) steps.push({ span: null, startNs: endNs, endNs: untilNs })
    steps.push({ span, startNs: span.startNs, endNs })
    untilNs = span.startNs
    span = before(span)
  }
  if (untilNs > 0) steps.push({ span: null, startNs: 0, endNs: untilNs })
  return steps.reverse()
}

function isWork({ phase, startNs, endNs }: Span): boolean {
  return phase !== 'wait' && phase !== 'close' && endNs > startNs
}

/** A thread that goes on with its next step at once does so within this time. */
const followingNs = 20_000

/** Finds what a span waited for; ended no later than it began. */
function predecessorsAmong(work: readonly Span[]): (span: Span) => Span | null {
  const all = byEnd(work)
  const lanes = sortedGroups(work, span => span.lane)
  const gathers = sortedGroups(work, span => span.gather)
  return span => {
    const own = lastBy(lanes.get(span.lane) ?? [], span.startNs)
    const gathered = span.gather === null ? null : lastBy(gathers.get(span.gather) ?? [], span.startNs)
    if (gathered !== null) return own !== null && own.endNs >= gathered.endNs ? own : gathered
    const followsOn = own !== null && (span.gather !== null || span.startNs - own.endNs <= followingNs)
    return followsOn ? own : lastBy(all, span.startNs)
  }
}

function sortedGroups<K>(work: readonly Span[], keyOf: (span: Span) => K): Map<K, Span[]> {
  return new Map([...Map.groupBy(work, keyOf)].map(([key, group]) => [key, byEnd(group)]))
}

function byEnd(spans: readonly Span[]): Span[] {
  return spans.toSorted((a, b) => a.endNs - b.endNs)
}

/** The last of spans in order of their ends that has ended by then. */
function lastBy(ordered: readonly Span[], ns: number): Span | null {
  let [low, high] = [0, ordered.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ordered[middle]?.endNs ?? Infinity) <= ns) low = middle + 1
    else high = middle
  }
  return ordered[low - 1] ?? null
}
