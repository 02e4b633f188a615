import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mannWhitney, repeatsToDecide, smallestPValue } from './mannWhitney.ts'

// Data sets of R's own examples, with what R 4 prints for wilcox.test.
const permeabilityAtTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
const permeabilityEarly = [1.15, 0.88, 0.9, 0.74, 1.21]
const ozoneMay = [
  41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37,
]
const ozoneAugust = [
  39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85,
]
const sleepFirst = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
const sleepSecond = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 20 })

/** The larger of first and second, over all pairs; ties count half. */
function pairsWon(first: readonly number[], second: readonly number[]): number {
  const won = (value: number, other: number) => (value > other ? 1 : value === other ? 0.5 : 0)
  return first.reduce((sum, value) => sum + second.reduce((all, other) => all + won(value, other), 0), 0)
}

/** Twice the smaller share of all splits of `joint` into m and the rest whose U is as low, or as high, as the one seen. */
function countedPValue(joint: readonly number[], m: number): number {
  const seen = pairsWon(joint.slice(0, m), joint.slice(m))
  let splits = 0
  let asLow = 0
  let asHigh = 0
  for (let mask = 0; mask < 1 << joint.length; mask += 1) {
    const inFirst = (_: number, place: number) => (mask & (1 << place)) !== 0
    const first = joint.filter(inFirst)
    if (first.length !== m) continue
    splits += 1
    const u = pairsWon(
      first,
      joint.filter((value, place) => !inFirst(value, place)),
    )
    if (u <= seen) asLow += 1
    if (u >= seen) asHigh += 1
  }
  return Math.min(1, (2 * Math.min(asLow, asHigh)) / splits)
}

describe('smallestPValue', () => {
  it.each([
    [1, 1],
    [3, 4],
    [5, 5],
    [7, 7],
    [10, 3],
  ])('is the test of %i values below %i others', (m, n) => {
    const below = Array.from({ length: m }, (_, index) => index)
    const above = Array.from({ length: n }, (_, index) => m + index)
    expect(smallestPValue(m, n)).toBeCloseTo(mannWhitney(below, above)?.pValue ?? Number.NaN, 12)
  })
})

describe('repeatsToDecide', () => {
  it('is the first number whose smallest p-value is below alpha, corrected', () => {
    expect(repeatsToDecide(0.05)).toBe(4)
    for (const comparisons of [1, 2, 21, 231]) {
      const repeats = repeatsToDecide(0.05, comparisons)
      expect(comparisons * smallestPValue(repeats, repeats)).toBeLessThan(0.05)
      expect(comparisons * smallestPValue(repeats - 1, repeats - 1)).toBeGreaterThanOrEqual(0.05)
    }
  })
})

describe('mannWhitney', () => {
  it('is exact for small samples without ties (R: W = 35, p-value = 0.2544)', () => {
    const test = mannWhitney(permeabilityAtTerm, permeabilityEarly)
    expect(test).toMatchObject({ u: 35, method: 'exact' })
    expect(test?.pValue).toBeCloseTo(0.2544, 4)
  })

  it('is exact with ties (exactRankTests of R: W = 25.5, p-value = 0.06582)', () => {
    const test = mannWhitney(sleepFirst, sleepSecond)
    expect(test).toMatchObject({ u: 25.5, method: 'exact' })
    expect(test?.pValue).toBeCloseTo(0.06582, 5)
  })

  it('is exact with ties in larger samples (exactRankTests of R: W = 127.5, p-value = 6.109e-05)', () => {
    const test = mannWhitney(ozoneMay, ozoneAugust)
    expect(test).toMatchObject({ u: 127.5, method: 'exact' })
    expect(test?.pValue).toBeCloseTo(6.109e-5, 8)
  })

  it('gives three tied values against three others 2 / C(6, 3), the smallest there is', () => {
    expect(mannWhitney([5, 5, 5], [7, 7, 7])?.pValue).toBeCloseTo(0.1, 12)
    expect(mannWhitney([7, 7, 7], [5, 5, 5])?.pValue).toBeCloseTo(0.1, 12)
  })

  it('corrects for ties in samples too large for the exact test', () => {
    const many = (centre: number) => Array.from({ length: 60 }, (_, place) => centre + (place % 6))
    expect(mannWhitney(many(10), many(13))).toMatchObject({ method: 'normal approximation' })
  })

  it('gives two separated samples of five the smallest p there is, 2 / C(10, 5)', () => {
    expect(mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])?.pValue).toBeCloseTo(2 / 252, 12)
  })

  it('approximates large samples close to the exact test', () => {
    const interleaved = (offset: number, count: number) =>
      Array.from({ length: count }, (_, i) => i * 2 + offset * 3.5)
    const exact = mannWhitney(interleaved(0, 49), interleaved(1, 49))
    const approximate = mannWhitney(interleaved(0, 50), interleaved(1, 50))
    expect(exact?.method).toBe('exact')
    expect(approximate?.method).toBe('normal approximation')
    expect(approximate?.pValue).toBeCloseTo(exact?.pValue ?? 0, 1)
  })

  it('is exact against a count of every way the values could have fallen', () => {
    const distinct = fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 10 })
    const tied = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 10 })
    fc.assert(
      fc.property(fc.oneof(distinct, tied), fc.nat(), (joint, cut) => {
        const m = 1 + (cut % (joint.length - 1))
        const test = mannWhitney(joint.slice(0, m), joint.slice(m))
        expect(test?.method).toBe('exact')
        expect(test?.pValue).toBeCloseTo(countedPValue(joint, m), 12)
      }),
    )
  })

  it('sees no difference in equal values', () => {
    expect(mannWhitney([3, 3, 3], [3, 3])?.pValue).toBe(1)
  })

  it('has no answer for an empty sample', () => {
    expect(mannWhitney([], [1])).toBeNull()
    expect(mannWhitney([1], [])).toBeNull()
  })

  it('is symmetric, blind to the unit and between 0 and 1', () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const one = mannWhitney(first, second)
        const other = mannWhitney(second, first)
        const scaled = mannWhitney(
          first.map(value => value * 7),
          second.map(value => value * 7),
        )
        if (one === null || other === null) return false
        expect(one.u + other.u).toBe(first.length * second.length)
        expect(other.pValue).toBeCloseTo(one.pValue, 12)
        expect(scaled).toEqual(one)
        expect(one.pValue).toBeGreaterThanOrEqual(smallestPValue(first.length, second.length) - 1e-12)
        return one.pValue > 0 && one.pValue <= 1
      }),
    )
  })
})
