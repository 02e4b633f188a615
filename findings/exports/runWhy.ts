import type { RunDetail } from '../../contract/run.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { type Cell, medianSample } from '../cells.ts'
import type { WhyLoad } from '../drawing/whyLayout.ts'
import { type WhySide, whyLoads } from '../drawing/whyLoads.ts'
import { whyOf } from '../limits.ts'
import { barsOf } from '../picture.ts'
import type { SpansOf } from './exporter.ts'
import type { RunPicture } from './pictureSvg.ts'

/** Why the pair of a picture came out as it did at its largest size. */
export type RunWhy = {
  readonly bytes: number
  readonly sentence: string
  readonly sides: readonly WhySide[]
  readonly loads: readonly WhyLoad[]
}

export function runWhy(picture: RunPicture, { run }: RunDetail, spansOf: SpansOf): RunWhy | null {
  const largest = picture.sizes.findLast(size => barsOf(size).length > 0)
  if (largest === undefined) return null
  const { bytes, saved } = largest
  const sideOf = (scheme: SchemeId | null) => {
    const cell = picture.cells.find(one => one.scheme === scheme && one.bytes === bytes)
    return cell === undefined ? null : sideOfCell(cell, run, spansOf)
  }
  const [serial, overlapped] = [sideOf(picture.pair.serial), sideOf(picture.pair.overlapped)]
  const named = overlapped ?? serial
  if (named === null) return null
  return {
    bytes,
    sentence: named.why.sentence,
    sides: [serial, overlapped].filter(side => side !== null),
    loads: whyLoads(serial, overlapped, saved?.byOverlap ?? false),
  }
}

function sideOfCell(cell: Cell, run: RunDetail['run'], spansOf: SpansOf): WhySide | null {
  const sample = medianSample(cell)
  if (sample === null) return null
  const spans = spansOf(sample.id)
  const { hugePages } = run.plan
  const ceilingBytesPerSecond = run.ceiling?.bytesPerSecond ?? null
  return { sample, spans, why: whyOf({ sample, spans, ceilingBytesPerSecond, hugePages }) }
}
