import { expect, test } from 'vitest'
import { pointAligned } from './decimalAlign.ts'

test('the points of a column are equally far from its right edge', () => {
  const numbers = ['7.51', '0.123', '75.1'].map(pointAligned)
  expect(numbers.map(text => text.length - text.indexOf('.'))).toEqual([6, 6, 6])
  expect(pointAligned('751')).toBe(`751${'\u2007'.repeat(6)}`)
})
