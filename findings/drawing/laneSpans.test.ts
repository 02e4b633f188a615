import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Span } from '../../contract/sample.ts'
import { span } from '../testing/pipeline.ts'
import { eachPiece, firstInSight, laneSpans, type Piece, spanAt } from './laneSpans.ts'

function piecesOf(spans: readonly Span[], minNs: number, maxNs: number, pixels = 100): Piece[] {
  const pieces: Piece[] = []
  eachPiece(laneSpans(spans, 'reader-0'), { minNs, maxNs, pixels }, piece => pieces.push(piece))
  return pieces
}

const anySpans = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 300 }))
    .map(([startNs, lengthNs]) => span('reader-0', 'read', startNs, startNs + lengthNs)),
  { maxLength: 40 },
)

test('every span that a person could see is drawn where it lies, and none that is out of sight', () => {
  fc.assert(
    fc.property(
      anySpans,
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 1, max: 500 }),
      (spans, min, length) => {
        const max = min + length
        const pieces = piecesOf(spans, min, max)
        const pixel = length / 100
        const wide = spans.filter(
          ({ startNs, endNs }) => Math.min(endNs, max) - Math.max(startNs, min) >= pixel * 1.01,
        )
        for (const one of wide) expect(pieces.some(piece => piece.span === one)).toBe(true)
        for (const { span: one, x, width } of pieces) {
          expect(one.endNs).toBeGreaterThanOrEqual(min)
          expect(one.startNs).toBeLessThanOrEqual(max)
          expect(x).toBeGreaterThanOrEqual(0)
          expect(x + width).toBeLessThanOrEqual(101.001)
        }
      },
    ),
  )
})

test('a hundred thousand slivers are drawn as pixels', () => {
  const spans = Array.from({ length: 100_000 }, (_, index) =>
    span('reader-0', 'read', index * 10, index * 10 + 9),
  )
  expect(piecesOf(spans, 0, 1_000_000, 1200).length).toBeLessThanOrEqual(1200)
  expect(piecesOf(spans, 500_000, 500_100, 1200)).toHaveLength(11)
})

test('the first in sight is found although an earlier span reaches further', () => {
  const lane = laneSpans([span('reader-0', 'wait', 0, 900), span('reader-0', 'read', 10, 20)], 'reader-0')
  expect(firstInSight(lane, 500)).toBe(0)
  expect(spanAt(lane, 500)?.phase).toBe('wait')
  expect(spanAt(lane, 15)?.phase).toBe('read')
  expect(spanAt(lane, 901)).toBeNull()
})
