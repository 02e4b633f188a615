import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Span, StoredSample } from '../contract/sample.ts'
import { GiB, MiB } from '../contract/size.ts'
import { criticalPath } from './criticalPath.ts'
import { gatherLinks, limitsOf, whyOf } from './limits.ts'
import { pipeline, span } from './testing/pipeline.ts'
import { storedSample } from './testing/storedSample.ts'

const ms = 1e6

function gatherLoad(steps: Parameters<typeof pipeline>[0], differences: Partial<StoredSample> = {}) {
  const spans = pipeline(steps)
  const sum = (phase: Span['phase']) =>
    spans.filter(one => one.phase === phase).reduce((all, one) => all + one.endNs - one.startNs, 0)
  const totalNs = Math.max(...spans.map(({ endNs }) => endNs))
  const times = { totalNs, allocNs: sum('alloc'), readNs: sum('read') }
  const sample = { ...storedSample({ scheme: 'memfd-gather-direct', ...times, ...differences }), totalNs }
  return { sample, spans, ceilingBytesPerSecond: null, hugePages: false }
}

const even = (allocMs: number, readMs: number, gathers = 8) =>
  Array.from({ length: gathers }, () => ({ allocNs: allocMs * ms, readNs: readMs * ms }))

test('where the reader never waits again, storage is the limit', () => {
  const load = gatherLoad(even(13, 100), { bytes: GiB })
  const ceiling = GiB / 0.76
  expect(whyOf({ ...load, ceilingBytesPerSecond: ceiling }).sentence).toBe(
    'The readers never waited after 13.0 ms: storage is the limit (98 % of the time, at 95 % of its ceiling), more overlap gains nothing.',
  )
  // Without a ceiling, or far below it, nothing says that it is the storage.
  expect(whyOf(load).sentence).toContain('reading is the limit (98 % of the time).')
  expect(whyOf({ ...load, ceilingBytesPerSecond: 2 * ceiling }).sentence).toContain(
    'at 48 % of the storage’s ceiling; more requests at once could help',
  )
})

test('where allocation takes longer, it is the limit, and by how much', () => {
  const load = gatherLoad(even(50, 10))
  expect(whyOf(load).sentence).toBe(
    'Allocation is the limit (98 % of the time): it takes 5.00 times the read. Huge pages would help most.',
  )
  expect(whyOf({ ...load, hugePages: true }).sentence).toContain('Only a faster allocation would help.')
})

test('waits for pages in the midst of a load are told', () => {
  const load = gatherLoad([...even(10, 50, 4), { allocNs: 250 * ms, readNs: 600 * ms }])
  expect(whyOf(load).sentence).toBe(
    'The readers waited for pages again (31 % of the time), but reading is the limit (67 % of the time).',
  )
})

test('one gather overlaps nothing', () => {
  expect(whyOf(gatherLoad(even(40, 60, 1))).sentence).toBe(
    'One gather holds the whole file, so nothing overlaps: reading 60 %, allocation 40 %. A smaller gather would let them overlap.',
  )
})

test('a serial load says what overlapping could hide', () => {
  const spans = [span('allocator', 'alloc', 0, 40 * ms), span('reader-0', 'read', 40 * ms, 100 * ms)]
  const times = { totalNs: 100 * ms, allocNs: 40 * ms, readNs: 60 * ms }
  const sample = { ...storedSample(times), totalNs: times.totalNs }
  expect(whyOf({ sample, spans, ceilingBytesPerSecond: null, hugePages: false }).sentence).toBe(
    'Nothing overlaps: reading 60 %, allocation 40 %. Overlapping them could hide 40.0 ms at most.',
  )
})

test('a load without spans says so', () => {
  const load = { ...gatherLoad(even(10, 10)), spans: [] }
  expect(whyOf(load)).toMatchObject({
    limits: [],
    sentence: 'This load has no spans, so nothing says what limits it.',
  })
})

test('the shares of the limits add up to 1, and the sentence names the largest or says why not', () => {
  const steps = fc.array(
    fc.record({ allocNs: fc.integer({ min: 1, max: 1e6 }), readNs: fc.integer({ min: 1, max: 1e6 }) }),
    { minLength: 2, maxLength: 20 },
  )
  fc.assert(
    fc.property(steps, lengths => {
      const load = gatherLoad(lengths)
      const { limits, sentence } = whyOf(load)
      expect(limits.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
      for (const [index, { ns }] of limits.entries())
        expect(ns).toBeLessThanOrEqual(limits[index - 1]?.ns ?? ns)
      expect(sentence).toMatch(
        limits[0]?.name === 'allocation' ? /^Allocation is the limit/ : /reading is the limit/,
      )
    }),
  )
})

test('a quicker read never makes reading more of a limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 2, max: 500 }), (allocMs, readMs) => {
      const readingShare = (read: number) => {
        const spans = pipeline(even(allocMs, read))
        const path = criticalPath(spans, Math.max(...spans.map(({ endNs }) => endNs)))
        return limitsOf(path).find(({ name }) => name === 'reading')?.share ?? 0
      }
      expect(readingShare(readMs - 1)).toBeLessThanOrEqual(readingShare(readMs) + 1e-9)
    }),
  )
})

test('a link leads from the pages of each gather to its read', () => {
  const spans = [
    span('allocator', 'alloc', 0, 10, 0),
    span('allocator', 'map', 10, 12, 0),
    span('allocator', 'alloc', 12, 20, 1),
    span('reader-0', 'wait', 0, 12, 0),
    span('reader-0', 'read', 12, 30, 0),
    span('reader-1', 'read', 21, 40, 1),
    span('allocator', 'alloc', 20, 25, 2),
  ]
  expect(gatherLinks(spans)).toEqual([
    { gather: 0, from: { lane: 'allocator', ns: 12 }, to: { lane: 'reader-0', ns: 12 } },
    { gather: 1, from: { lane: 'allocator', ns: 20 }, to: { lane: 'reader-1', ns: 21 } },
  ])
  expect(gatherLinks([span('reader-0', 'read', 0, MiB)])).toEqual([])
})
