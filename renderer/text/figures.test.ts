import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GiB, KiB, MiB } from '../../contract/size.ts'
import { plainSpaces } from '../testing/plainSpaces.ts'
import { pointAligned } from './decimalAlign.ts'
import {
  clockText,
  countText,
  percentText,
  rateText,
  sizeText,
  threeDigits,
  tickText,
  timeText,
  waitText,
} from './figures.ts'

test('three significant digits without exponents', () => {
  expect(threeDigits(0.01234)).toBe('0.0123')
  expect(threeDigits(7.5)).toBe('7.50')
  expect(threeDigits(99.96)).toBe('100')
  expect(threeDigits(1534)).toBe('1530')
  expect(threeDigits(0)).toBe('0')
})

test('three digits are within half a percent of the value', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), value => {
      expect(Math.abs(Number(threeDigits(value)) - value)).toBeLessThanOrEqual(0.00501 * value)
    }),
  )
})

test('times, rates and sizes carry their unit', () => {
  expect(plainSpaces(timeText(812))).toBe('812 ns')
  expect(plainSpaces(timeText(751_400_000))).toBe('751 ms')
  expect(plainSpaces(timeText(999_600_000))).toBe('1.00 s')
  expect(plainSpaces(timeText(0))).toBe('0 ns')
  expect([1e7, 1.5e9, 1e9, 2e10].map(ns => plainSpaces(tickText(ns)))).toEqual([
    '10 ms',
    '1.5 s',
    '1 s',
    '20 s',
  ])
  expect(plainSpaces(rateText(1_434_000_000))).toBe('1.43 GB/s')
  expect(plainSpaces(sizeText(512 * KiB))).toBe('512 KiB')
  expect(plainSpaces(sizeText(3 * GiB))).toBe('3 GiB')
  expect(plainSpaces(sizeText(1.5 * MiB))).toBe('1.5 MiB')
  expect(plainSpaces(sizeText(17))).toBe('17 B')
})

test('percentages and waits', () => {
  expect(plainSpaces(percentText(0.4149))).toBe('41 %')
  expect(plainSpaces(percentText(-0.021))).toBe('-2.1 %')
  expect(waitText(130e9)).toBe('2 min 10 s')
  expect(waitText(1)).toBe('1 s')
  expect(waitText(3900e9)).toBe('1 h 5 min')
  expect(countText(1, 'sample')).toBe('1 sample')
  expect(countText(0, 'sample')).toBe('0 samples')
})

test('a clock time is written to the second', () => {
  expect(clockText(new Date(2026, 10, 3, 4, 5, 6).toISOString())).toBe('2026-11-03 04:05:06')
})

test('the points of a column are equally far from its right edge', () => {
  const numbers = ['7.51', '0.123', '75.1'].map(pointAligned)
  expect(numbers.map(text => text.length - text.indexOf('.'))).toEqual([4, 4, 4])
  expect(pointAligned('751')).toBe('751\u2007\u2007\u2007\u2007')
})
