import fc from 'fast-check'
import { expect, test } from 'vitest'
import { zeroDomain } from '../../../findings/drawing/linearAxis.ts'
import { type Domain, grown, logDomain, logTicks } from './axisGrowth.ts'

const time = fc.double({ min: 1, max: 1e12, noNaN: true })

test('an axis only ever grows outward while values stream in', () => {
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 30 }), values => {
      let domain: Domain | null = null
      for (let count = 1; count <= values.length; count += 1) {
        const before: Domain | null = domain
        domain = grown(before, logDomain(values.slice(0, count)))
        if (before !== null && domain !== null) {
          expect(domain.min).toBeLessThanOrEqual(before.min)
          expect(domain.max).toBeGreaterThanOrEqual(before.max)
        }
      }
    }),
  )
})

test('no value does not move an axis', () => {
  expect(grown(null, null)).toBeNull()
  expect(grown({ min: 1, max: 2 }, null)).toEqual({ min: 1, max: 2 })
})

test('an axis that holds everything stays the same object', () => {
  const domain = { min: 1, max: 10 }
  expect(grown(domain, { min: 2, max: 5 })).toBe(domain)
})

test('a log domain holds its values and is never empty', () => {
  fc.assert(
    fc.property(fc.array(time, { minLength: 1 }), values => {
      const { min, max } = logDomain(values) ?? { min: 0, max: 0 }
      expect(min).toBeLessThan(max)
      for (const value of values) {
        expect(value).toBeGreaterThanOrEqual(min * (1 - 1e-6))
        expect(value).toBeLessThanOrEqual(max * (1 + 1e-6))
      }
    }),
  )
  expect(logDomain([])).toBeNull()
  expect(logDomain([700, 1200])).toEqual({ min: 500, max: 2000 })
})

test('a duration axis begins at zero', () => {
  expect(zeroDomain([])).toEqual({ min: 0, max: 1 })
  expect(zeroDomain([1.3e9, 0.7e9])).toEqual({ min: 0, max: 1.5e9 })
})

test('log ticks thin out as decades are added', () => {
  expect(logTicks({ min: 1, max: 10 })).toEqual([1, 2, 5, 10])
  expect(logTicks({ min: 1, max: 1000 })).toEqual([1, 3, 10, 30, 100, 300, 1000])
  expect(logTicks({ min: 1, max: 1e5 })).toEqual([1, 10, 100, 1000, 10_000, 100_000])
})
