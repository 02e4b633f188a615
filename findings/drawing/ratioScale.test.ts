import { expect, test } from 'vitest'
import { ratioScale } from './ratioScale.ts'

test('ratios close to 1 are shown close up', () => {
  expect(ratioScale([1.01, 0.99]).domain).toEqual({ min: 1 / 1.1, max: 1.1 })
})

test('the axis reaches as far to the left as to the right', () => {
  const { domain, ticks } = ratioScale([0.59, 1.2])
  expect(domain).toEqual({ min: 0.5, max: 2 })
  expect(ticks).toEqual([0.5, 1 / 1.5, 1 / 1.25, 1 / 1.1, 1, 1.1, 1.25, 1.5, 2])
})

test('every ratio is on the axis, however far off', () => {
  const { domain } = ratioScale([1e-6, 3])
  expect(domain.min).toBeLessThanOrEqual(1e-6 * (1 + 1e-9))
})
