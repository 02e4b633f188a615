import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Span } from '../../contract/sample.ts'
import { lanesOf, phasesOf } from '../../findings/drawing/laneSpans.ts'
import { endOf, panned, timelineBars, zoomed } from './timelineBars.ts'

function span(lane: string, phase: Span['phase'], startNs: number, endNs: number, gather = 0): Span {
  return { lane, phase, startNs, endNs, bytes: 4096, gather }
}

test('the allocator lane is above the readers, readers in order of their number', () => {
  const spans = ['reader-10', 'reader-2', 'allocator', 'caller', 'reader-2'].map(lane =>
    span(lane, 'read', 0, 1),
  )
  expect(lanesOf(spans)).toEqual(['caller', 'allocator', 'reader-2', 'reader-10'])
})

test('phases come in the order of the contract', () => {
  expect(phasesOf([span('caller', 'read', 0, 1), span('caller', 'alloc', 1, 2)])).toEqual(['alloc', 'read'])
})

test('bars that can be told apart stay apart', () => {
  const spans = [span('allocator', 'alloc', 0, 100), span('allocator', 'alloc', 100, 200, 1)]
  expect(timelineBars(spans, { min: 0, max: 200 }, 200)).toHaveLength(2)
})

test('what is outside the visible range is left out', () => {
  const spans = [span('allocator', 'alloc', 0, 10), span('allocator', 'alloc', 50, 60)]
  expect(timelineBars(spans, { min: 40, max: 100 }, 600).map(bar => bar.startNs)).toEqual([50])
})

test('ten thousand gathers on a screen become few bars that still cover all bytes and the same time', () => {
  const spans = Array.from({ length: 10_000 }, (_, index) =>
    span('reader-0', 'read', index * 10, index * 10 + 9, index),
  )
  const bars = timelineBars(spans, { min: 0, max: endOf(spans) }, 1000)
  expect(bars.length).toBeLessThan(1000)
  expect(bars.reduce((sum, bar) => sum + bar.bytes, 0)).toBe(10_000 * 4096)
  expect(bars.reduce((sum, bar) => sum + bar.spans, 0)).toBe(10_000)
  expect([bars[0]?.startNs, bars.at(-1)?.endNs]).toEqual([0, 99_999])
})

test('zooming and panning stay inside the sample', () => {
  const end = 1e9
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const moves = fc.array(fc.tuple(fc.double({ min: 0.2, max: 5, noNaN: true }), share))
  fc.assert(
    fc.property(moves, steps => {
      let range = { min: 0, max: end }
      for (const [factor, at] of steps) {
        range = zoomed(range, factor, range.min + at * (range.max - range.min), end)
        range = panned(range, at - 0.5, end)
        expect(range.min).toBeGreaterThanOrEqual(0)
        expect(range.max).toBeLessThanOrEqual(end * (1 + 1e-9))
        expect(range.max - range.min).toBeGreaterThanOrEqual(999)
      }
    }),
  )
  expect(zoomed({ min: 0, max: 1000_000 }, 0.5, 500_000, 1e9)).toEqual({ min: 250_000, max: 750_000 })
})
