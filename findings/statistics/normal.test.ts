import { describe, expect, it } from 'vitest'
import { normalUpperQuantile, normalUpperTail } from './normal.ts'

describe('normalUpperTail', () => {
  it.each([
    [0.5, 0.30853753872598694],
    [1.959963984540054, 0.025],
    [3.5, 2.3262907903552502e-4],
    [8, 6.220960574271786e-16],
    [20, 2.7536241186062337e-89],
  ])('is right at z = %f, far out too', (z, tail) => {
    expect(normalUpperTail(z) / tail).toBeCloseTo(1, 11)
    expect(normalUpperTail(-z)).toBeCloseTo(1 - tail, 12)
  })

  it('is inverted by the quantile', () => {
    expect(normalUpperQuantile(0.025)).toBeCloseTo(1.959963984540054, 9)
  })
})
