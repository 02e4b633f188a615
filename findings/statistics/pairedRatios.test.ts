import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pairedRatios } from './pairedRatios.ts'

const times = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 9 }), fc.double({ min: 1e-3, max: 1e15, noNaN: true })),
  {
    minLength: 1,
    maxLength: 12,
  },
)

test('every ratio stands at the rank that sorting all of them gives it', () => {
  fc.assert(
    fc.property(times, times, (candidate, baseline) => {
      const sorted = candidate.flatMap(mine => baseline.map(other => mine / other)).sort((a, b) => a - b)
      const ratios = pairedRatios(candidate, baseline)
      expect(sorted.map((_, rank) => ratios.at(rank))).toEqual(sorted)
      expect(ratios.count).toBe(sorted.length)
    }),
  )
})
