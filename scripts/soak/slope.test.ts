import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomStream } from '../../findings/statistics/randomStream.ts'
import { type Point, risesBeyondNoise, slopeOf } from './slope.ts'

/** A line with noise of -0.5 to 0.5. */
function line(perMinute: number, key: string): Point[] {
  const random = randomStream(key)
  return Array.from({ length: 120 }, (_, place) => ({
    atMinutes: place / 2,
    value: 200 + (perMinute * place) / 2 + random() - 0.5,
  }))
}

test('a slope is found, and a few outliers do not move it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -50, max: 50 }), fc.string(), (tenths, key) => {
      const points = line(tenths / 10, key).map((point, place) =>
        place % 20 === 7 ? { ...point, value: point.value + 500 } : point,
      )
      expect(slopeOf(points).perMinute).toBeCloseTo(tenths / 10, 1)
    }),
    { numRuns: 30 },
  )
})

test('noise around a level is no rise; a leak of a tenth a minute within an hour is one', () => {
  fc.assert(
    fc.property(fc.string(), key => {
      const level = line(0, key)
      expect(risesBeyondNoise(level, slopeOf(level))).toBe(false)
      const leak = line(0.1, key)
      expect(risesBeyondNoise(leak, slopeOf(leak))).toBe(true)
    }),
    { numRuns: 30 },
  )
})
