import type { OverlapRow } from './overlapRows.ts'
import { timeText } from './words/figureText.ts'

/** Both formulas written out with a row's numbers; `-` where the load has no such parts. */
export function formulaTerms(row: OverlapRow): { readonly serial: string; readonly overlapped: string } {
  return { serial: serialTerms(row), overlapped: overlappedTerms(row) }
}

function serialTerms({ allocNs, readNs, serialNs }: OverlapRow): string {
  if (allocNs === null || readNs === null || serialNs === null) return '-'
  return `${timeText(allocNs)} + ${timeText(readNs)} = ${timeText(serialNs)}`
}

function overlappedTerms({ firstGatherNs, remainingAllocNs, readNs, boundNs }: OverlapRow): string {
  if (firstGatherNs === null || remainingAllocNs === null || readNs === null || boundNs === null) return '-'
  const longer = `max(${timeText(remainingAllocNs)}, ${timeText(readNs)})`
  return `${timeText(firstGatherNs)} + ${longer} = ${timeText(boundNs)}`
}
