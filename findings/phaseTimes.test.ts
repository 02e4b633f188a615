import fc from 'fast-check'
import { expect, test } from 'vitest'
import { phases, type Span } from '../contract/sample.ts'
import { busyNsByPhase, phaseTimes } from './phaseTimes.ts'

const span = fc
  .record({
    phase: fc.constantFrom(...phases),
    startNs: fc.nat(40),
    lengthNs: fc.nat(20),
    lane: fc.constantFrom('caller', 'allocator', 'reader-0'),
  })
  .map(
    ({ phase, startNs, lengthNs, lane }): Span => ({
      ...{ phase, lane, startNs, endNs: startNs + lengthNs },
      ...{ bytes: 0, gather: null },
    }),
  )

test('a phase is busy in every nanosecond that one of its spans covers, and in no other', () => {
  fc.assert(
    fc.property(fc.array(span), spans => {
      for (const phase of phases) {
        const own = spans.filter(each => each.phase === phase)
        const covered = Array.from({ length: 60 }, (_, ns) => ns).filter(ns =>
          own.some(each => each.startNs <= ns && ns < each.endNs),
        )
        expect(busyNsByPhase(spans).get(phase)).toBe(own.length === 0 ? undefined : covered.length)
      }
    }),
  )
})

test('copying counts as reading, and what is missing is not zero', () => {
  const copy: Span = { lane: 'reader-0', phase: 'copy', startNs: 5, endNs: 9, bytes: 1, gather: null }
  expect(phaseTimes([copy], null)).toEqual({
    ...{ openNs: null, allocNs: null, mapNs: null, createNs: null, readNs: 4, closeNs: null },
    remainingAllocNs: null,
  })
})

test('what is left to allocate after the first gather', () => {
  const alloc = (startNs: number, endNs: number, gather: number): Span => ({
    ...{ lane: 'allocator', phase: 'alloc', startNs, endNs, bytes: 1, gather },
  })
  const times = phaseTimes([alloc(0, 4, 0), alloc(4, 10, 1)], 4)
  expect(times).toMatchObject({ allocNs: 10, remainingAllocNs: 6 })
})

test('a first gather that is all there is leaves nothing, whatever its lane was cut to', () => {
  const alloc: Span = { lane: 'allocator', phase: 'alloc', startNs: 0, endNs: 8, bytes: 1, gather: 0 }
  expect(phaseTimes([alloc], 9)).toMatchObject({ allocNs: 8, remainingAllocNs: 0 })
})
