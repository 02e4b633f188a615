import { fail } from '../../contract/error.ts'
import type { Span } from '../../contract/sample.ts'
import { phaseTimes } from '../../findings/phaseTimes.ts'
import type { LineOf } from '../agent/lines.ts'
import type { Load, LoadResult } from './target.ts'

const nsPerSecond = 1e9

export function spanOf(line: LineOf<'span'>): Span {
  const { v: _, type: __, ...span } = line
  return span
}

/**
 * The agent's closing line and spans as a sample.
 * @throws LabFailure `agent-protocol` where the agent loaded something else than it was told.
 */
export function loadResult(load: Load, line: LineOf<'sample'>, spans: readonly Span[]): LoadResult {
  if (line.bytes !== load.bytes) {
    fail(
      'agent-protocol',
      `the agent loaded ${line.bytes} bytes where ${load.bytes} were asked for`,
      'Rebuild the agent.',
    )
  }
  const { v: _, type: __, errno, reason, totalNs, firstGatherNs, ...figures } = line
  return {
    sample: {
      ...figures,
      scheme: load.scheme,
      reason: errno === null || reason.includes(errno) ? reason : `${errno}: ${reason}`,
      totalNs,
      firstGatherNs,
      ...phaseTimes(spans, firstGatherNs),
      simulated: false,
      throughput: totalNs === null ? null : (load.bytes / totalNs) * nsPerSecond,
    },
    spans,
  }
}
