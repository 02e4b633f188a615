import type { Span } from '../../contract/sample.ts'
import type { Timed } from '../cells.ts'
import { gatherLinks, type Why } from '../limits.ts'
import { timeText } from '../words/figureText.ts'
import { hidText } from '../words/pictureText.ts'
import { roundTitle } from '../words/sampleTitle.ts'
import type { WhyLoad } from './whyLayout.ts'

/** One side of a pair: its median sample and what limits it. */
export type WhySide = { readonly sample: Timed; readonly spans: readonly Span[]; readonly why: Why }

/**
 * The loads of a why from top to bottom: the twin, then the overlapped load with what it saved bracketed. `byOverlap`:
 * overlap is what saves, so it is called hidden.
 */
export function whyLoads(serial: WhySide | null, overlapped: WhySide | null, byOverlap: boolean): WhyLoad[] {
  const saved = serial === null || overlapped === null ? null : savedBetween(serial, overlapped, byOverlap)
  return [
    ...(serial === null ? [] : [loadOf(serial, null)]),
    ...(overlapped === null ? [] : [loadOf(overlapped, saved)]),
  ]
}

function loadOf({ sample, spans, why }: WhySide, hidden: WhyLoad['hidden']): WhyLoad {
  const title = `${sample.scheme}, ${roundTitle(sample)}, ${timeText(sample.totalNs)}`
  return { title, sample, spans, path: why.path, links: gatherLinks(spans), hidden }
}

function savedBetween(serial: WhySide, overlapped: WhySide, byOverlap: boolean): WhyLoad['hidden'] {
  const ns = serial.sample.totalNs - overlapped.sample.totalNs
  return ns <= 0 ? null : { ns, text: hidText(ns, byOverlap) }
}
