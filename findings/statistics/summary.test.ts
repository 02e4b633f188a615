import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { summarize } from './summary.ts'

const times = fc.array(fc.integer({ min: 1, max: 1e12 }), { minLength: 1, maxLength: 60 })

describe('summarize', () => {
  it('has nothing to say about no values', () => {
    expect(summarize([])).toBeNull()
  })

  it('gives ten values the interval of the 2nd and the 9th, which covers 97.85 %', () => {
    const summary = summarize([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(summary).toMatchObject({ count: 10, median: 5.5, low: 2, high: 9, min: 1, max: 10 })
    expect(summary?.confidence).toBeCloseTo(0.978515625, 12)
  })

  it.each([
    [1, 0],
    [2, 0.5],
    [3, 0.75],
    [5, 0.9375],
  ])('does not claim 95 %% for %i values', (count, confidence) => {
    const values = Array.from({ length: count }, (_, i) => i)
    expect(summarize(values)).toMatchObject({ low: 0, high: count - 1, confidence })
  })

  it('reaches 95 % from six values on and never calls it certainty', () => {
    for (let count = 6; count <= 300; count += 1) {
      const summary = summarize(Array.from({ length: count }, (_, i) => i))
      expect(summary?.confidence).toBeGreaterThanOrEqual(0.95)
      expect(summary?.confidence).toBeLessThan(1)
    }
  })

  it('does not underflow for many values', () => {
    const summary = summarize(Array.from({ length: 20_000 }, (_, i) => i))
    expect(summary?.confidence).toBeGreaterThanOrEqual(0.95)
    expect(summary?.confidence).toBeLessThan(0.952)
  })

  it('orders min <= low <= median <= high <= max, whatever the order of the values', () => {
    fc.assert(
      fc.property(times, values => {
        const summary = summarize(values)
        if (summary === null) return false
        const { min, low, median, high, max } = summary
        expect(summarize([...values].reverse())).toEqual(summary)
        return min <= low && low <= median && median <= high && high <= max
      }),
    )
  })

  it('scales with the unit', () => {
    fc.assert(
      fc.property(times, values => {
        const one = summarize(values)
        const thousand = summarize(values.map(value => value * 1000))
        expect(thousand?.low).toBe((one?.low ?? 0) * 1000)
        expect(thousand?.high).toBe((one?.high ?? 0) * 1000)
      }),
    )
  })

  it('refuses a value that is not a number', () => {
    expect(() => summarize([1, Number.NaN])).toThrow(RangeError)
  })
})
