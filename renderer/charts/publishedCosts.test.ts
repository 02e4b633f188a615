import { expect, test } from 'vitest'
import { GiB } from '../../contract/size.ts'
import { publishedCosts } from './publishedCosts.ts'

test('the series’ in-kernel read of 3 GiB has its published cost per GiB', () => {
  const costs = publishedCosts('read-async-direct', 3 * GiB)
  expect(costs.length).toBeGreaterThan(0)
  for (const { ns, title } of costs) {
    // 750 ms for 3 GiB in the first table; all tellings of it lie near.
    expect(ns).toBeGreaterThan(150e6)
    expect(ns).toBeLessThan(1000e6)
    expect(title).not.toBe('')
  }
})

test('what nobody published has none', () => {
  expect(publishedCosts('memfd-gather-direct', 3 * GiB)).toEqual([])
  expect(publishedCosts('read-async-direct', 3 * GiB + 1)).toEqual([])
})
