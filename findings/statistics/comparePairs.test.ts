import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparePairs, correctedVerdict } from './comparePairs.ts'
import { holmAdjusted } from './holm.ts'

const around = (centre: number) => Array.from({ length: 10 }, (_, i) => centre + i)
const times = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 2, maxLength: 12 })

describe('comparePairs', () => {
  it('calls a clearly shorter time faster and the reverse slower, with the ratio', () => {
    const [faster, slower] = comparePairs([
      { candidate: around(100), baseline: around(200) },
      { candidate: around(200), baseline: around(100) },
    ])
    expect(faster).toMatchObject({ verdict: 'faster', comparisons: 2 })
    expect(slower?.verdict).toBe('slower')
    expect(faster?.ratio).toBeCloseTo(0.51, 2)
    expect((faster?.ratio ?? 0) * (slower?.ratio ?? 0)).toBeCloseTo(1, 12)
  })

  it('gives the Hodges-Lehmann interval of R: ranks 9 and 42 of the 50 pairs, for samples of 10 and 5', () => {
    // wilcox.test(x, y, conf.int = TRUE) of R's help page: 0.305 (-0.15, 0.76), here as ratios of exp(x).
    const x = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    const y = [1.15, 0.88, 0.9, 0.74, 1.21]
    const [comparison] = comparePairs([{ candidate: x.map(Math.exp), baseline: y.map(Math.exp) }])
    expect(Math.log(comparison?.ratio ?? 0)).toBeCloseTo(0.305, 9)
    expect(Math.log(comparison?.low ?? 0)).toBeCloseTo(-0.15, 9)
    expect(Math.log(comparison?.high ?? 0)).toBeCloseTo(0.76, 9)
    expect(comparison?.confidence).toBeGreaterThanOrEqual(0.95)
  })

  it('says of three repeats what their interval says, and claims no 95 % for it', () => {
    const [comparison] = comparePairs([{ candidate: [1, 2, 3], baseline: [10, 20, 30] }])
    expect(comparison).toMatchObject({ verdict: 'faster', low: 1 / 30, high: 3 / 10 })
    expect(comparison?.confidence).toBeCloseTo(0.9, 12)
    expect(comparison?.pValue).toBeCloseTo(0.1, 12)
  })

  it('says nothing of one load against one other', () => {
    expect(comparePairs([{ candidate: [1], baseline: [2] }])[0]).toMatchObject({
      ratio: 0.5,
      confidence: 0,
      verdict: '~',
    })
  })

  it('has no difference between equal times', () => {
    const same = { candidate: [4, 4, 4, 4, 4], baseline: [4, 4, 4, 4, 4] }
    expect(comparePairs([same])[0]).toMatchObject({ ratio: 1, low: 1, high: 1, pValue: 1, verdict: '~' })
  })

  it('corrects for the pairs that one is picked from, but a row speaks for itself', () => {
    const pair = { candidate: [1, 2, 3, 4, 5], baseline: [6, 7, 8, 9, 10] }
    expect(comparePairs([pair]).map(correctedVerdict)).toEqual(['faster'])
    const many = comparePairs([pair, ...Array.from({ length: 9 }, () => ({ candidate: [1], baseline: [2] }))])
    expect(many[0]?.adjustedPValue).toBeCloseTo((10 * 2) / 252, 12)
    expect(many[0]?.verdict).toBe('faster')
    expect(many.map(correctedVerdict)).toEqual(Array(10).fill('~'))
  })

  it('never sets an interval of 95 % that leaves out 1 beside a larger p-value, ties or not', () => {
    const few = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(few, few, (candidate, baseline) => {
        const [comparison] = comparePairs([{ candidate, baseline }])
        if (comparison === undefined) return false
        const { verdict, confidence, pValue } = comparison
        if (verdict !== '~' && confidence >= 0.95) expect(pValue).toBeLessThanOrEqual(0.05)
        return true
      }),
    )
  })

  it('handles samples too large for the exact test', () => {
    const many = (centre: number) => Array.from({ length: 60 }, (_, i) => centre + i)
    const [comparison] = comparePairs([{ candidate: many(1000), baseline: many(1100) }])
    expect(comparison?.verdict).toBe('faster')
    expect(comparison?.high).toBeLessThan(1)
  })

  it('keeps the ratio in its interval and a verdict on one side of 1', () => {
    fc.assert(
      fc.property(times, times, (candidate, baseline) => {
        const [comparison] = comparePairs([{ candidate, baseline }])
        if (comparison === undefined) return false
        const { low, ratio, high, verdict } = comparison
        expect(low).toBeLessThanOrEqual(ratio * (1 + 1e-12))
        expect(high).toBeGreaterThanOrEqual(ratio * (1 - 1e-12))
        return verdict === '~' || (verdict === 'faster') === ratio < 1
      }),
    )
  })

  it('refuses empty samples and times that are not above zero', () => {
    expect(() => comparePairs([{ candidate: [], baseline: [1] }])).toThrow(RangeError)
    expect(() => comparePairs([{ candidate: [0], baseline: [1] }])).toThrow(RangeError)
  })
})

describe('holmAdjusted', () => {
  it('matches p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") of R', () => {
    const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005])
    expect(adjusted.map(value => Number(value.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02])
  })

  it('never lowers a p-value, never passes 1 and keeps the order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), pValues => {
        const adjusted = holmAdjusted(pValues)
        for (const [i, value] of adjusted.entries()) {
          expect(value).toBeGreaterThanOrEqual(pValues[i] ?? 0)
          expect(value).toBeLessThanOrEqual(1)
          for (const [j, other] of adjusted.entries()) {
            if ((pValues[i] ?? 0) < (pValues[j] ?? 0)) expect(value).toBeLessThanOrEqual(other)
          }
        }
      }),
    )
  })
})
