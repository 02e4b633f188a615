import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Span } from '../contract/sample.ts'
import { criticalPath } from './criticalPath.ts'
import { pipeline, span } from './testing/pipeline.ts'

const steps = fc.array(
  fc.record({ allocNs: fc.integer({ min: 1, max: 1000 }), readNs: fc.integer({ min: 1, max: 1000 }) }),
  { minLength: 1, maxLength: 30 },
)

function endOf(spans: readonly Span[]): number {
  return Math.max(...spans.map(({ endNs }) => endNs))
}

test('a serial load is its own critical path', () => {
  const spans = [
    span('caller', 'open', 0, 5),
    span('allocator', 'alloc', 5, 40),
    span('reader-0', 'read', 41, 100),
    span('caller', 'close', 100, 130),
  ]
  expect(criticalPath(spans, 100)).toEqual([
    { span: spans[0], startNs: 0, endNs: 5 },
    { span: spans[1], startNs: 5, endNs: 40 },
    { span: null, startNs: 40, endNs: 41 },
    { span: spans[2], startNs: 41, endNs: 100 },
  ])
})

test('where storage limits, only the first gather’s allocation is on the path', () => {
  const path = criticalPath(pipeline(Array.from({ length: 4 }, () => ({ allocNs: 10, readNs: 50 }))), 210)
  expect(path.map(step => `${step.span?.phase} ${step.span?.gather}`)).toEqual([
    'alloc 0',
    'read 0',
    'read 1',
    'read 2',
    'read 3',
  ])
})

test('where allocation limits, only the last gather’s read is on the path', () => {
  const path = criticalPath(pipeline(Array.from({ length: 3 }, () => ({ allocNs: 50, readNs: 10 }))), 160)
  expect(path.map(step => `${step.span?.phase} ${step.span?.gather}`)).toEqual([
    'alloc 0',
    'alloc 1',
    'alloc 2',
    'read 2',
  ])
})

test('two readers: each read waits for its own gather, not for the other reader', () => {
  const spans = [
    span('allocator', 'alloc', 0, 10, 0),
    span('allocator', 'alloc', 10, 20, 1),
    span('reader-0', 'read', 10, 60, 0),
    span('reader-1', 'read', 20, 80, 1),
  ]
  expect(criticalPath(spans, 80).map(step => step.span)).toEqual([spans[0], spans[1], spans[3]])
})

test('a udmabuf that is created last ends the path', () => {
  const spans = [...pipeline([{ allocNs: 10, readNs: 5 }]), span('allocator', 'create', 15, 40)]
  expect(criticalPath(spans, 40).at(-1)?.span?.phase).toBe('create')
})

test('what the caller maps waits for the allocator, and a creation follows on in its lane', () => {
  const ms = 1_000_000
  const serial = [
    span('caller', 'open', 0, ms),
    span('allocator', 'alloc', ms, 40 * ms),
    span('caller', 'map', 40 * ms, 45 * ms),
    span('reader-0', 'read', 45 * ms, 90 * ms),
  ]
  expect(criticalPath(serial, 90 * ms).map(step => step.span?.phase)).toEqual([
    'open',
    'alloc',
    'map',
    'read',
  ])
  // A read that happens to end between the last allocation and the creation did not let it begin.
  const gathers = [
    span('allocator', 'alloc', 0, 10 * ms, 0),
    span('allocator', 'alloc', 10 * ms, 20 * ms, 1),
    span('reader-0', 'read', 10 * ms, 20 * ms + 5000, 0),
    span('allocator', 'create', 20 * ms + 9000, 60 * ms),
  ]
  expect(criticalPath(gathers, 60 * ms).map(step => step.span?.phase ?? 'none')).toEqual([
    'alloc',
    'alloc',
    'none',
    'create',
  ])
})

test('a load without spans, or with empty ones, is handed over as a whole', () => {
  expect(criticalPath([], 7)).toEqual([{ span: null, startNs: 0, endNs: 7 }])
  expect(criticalPath([span('caller', 'open', 3, 3)], 7)).toEqual([{ span: null, startNs: 0, endNs: 7 }])
  expect(criticalPath([], 0)).toEqual([])
})

test('a pipeline in which each step begins when it can has a path without gaps', () => {
  fc.assert(
    fc.property(steps, lengths => {
      const spans = pipeline(lengths)
      const path = criticalPath(spans, endOf(spans))
      expect(path.every(step => step.span !== null && step.span.phase !== 'wait')).toBe(true)
    }),
  )
})

const anySpan = fc
  .record({
    lane: fc.constantFrom('caller', 'allocator', 'reader-0', 'reader-1'),
    phase: fc.constantFrom('open', 'alloc', 'map', 'read', 'wait', 'close'),
    startNs: fc.integer({ min: 0, max: 1000 }),
    lengthNs: fc.integer({ min: 0, max: 500 }),
    gather: fc.option(fc.integer({ min: 0, max: 3 })),
  })
  .map(({ lane, phase, startNs, lengthNs, gather }) =>
    span(lane, phase as Span['phase'], startNs, startNs + lengthNs, gather),
  )

test('whatever the spans, the steps fill the total once, in order', () => {
  fc.assert(
    fc.property(fc.array(anySpan, { maxLength: 20 }), fc.integer({ min: 1, max: 1500 }), (spans, totalNs) => {
      const path = criticalPath(spans, totalNs)
      expect(path[0]?.startNs).toBe(0)
      expect(path.at(-1)?.endNs).toBe(totalNs)
      for (const [index, step] of path.entries()) {
        expect(step.endNs).toBeGreaterThan(step.startNs)
        expect(step.startNs).toBe(path[index - 1]?.endNs ?? 0)
      }
    }),
  )
})

test('the order in which spans are told does not matter', () => {
  fc.assert(
    fc.property(steps, fc.infiniteStream(fc.nat()), (lengths, keys) => {
      const spans = pipeline(lengths)
      const shuffled = spans
        .map(one => ({ one, key: keys.next().value ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one)
      const lengthsOn = (path: ReturnType<typeof criticalPath>) =>
        path.map(step => [step.span?.phase, step.startNs, step.endNs])
      const end = endOf(spans)
      expect(lengthsOn(criticalPath(shuffled, end))).toEqual(lengthsOn(criticalPath(spans, end)))
    }),
  )
})
