import type { Phase, Span } from '../../contract/sample.ts'
import { MiB } from '../../contract/size.ts'

export function span(
  lane: string,
  phase: Phase,
  startNs: number,
  endNs: number,
  gather: number | null = null,
): Span {
  return { lane, phase, startNs, endNs, bytes: MiB, gather }
}

/**
 * The spans of a load that allocates gather after gather while one reader follows, each step beginning the moment that
 * it can: `steps` has how long each gather's allocation and read take, in ns. The reader's waits are spans, too.
 */
export function pipeline(
  steps: ReadonlyArray<{ readonly allocNs: number; readonly readNs: number }>,
): Span[] {
  const spans: Span[] = []
  let [allocated, read] = [0, 0]
  for (const [gather, { allocNs, readNs }] of steps.entries()) {
    spans.push(span('allocator', 'alloc', allocated, allocated + allocNs, gather))
    allocated += allocNs
    if (allocated > read) spans.push(span('reader-0', 'wait', read, allocated, gather))
    read = Math.max(read, allocated)
    spans.push(span('reader-0', 'read', read, read + readNs, gather))
    read += readNs
  }
  return spans
}
