import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GiB, KiB, MiB } from '../../contract/size.ts'
import {
  clockText,
  countText,
  percentText,
  rateText,
  signedPercentText,
  sizeText,
  threeDigits,
  timeText,
  waitText,
} from './figureText.ts'

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
  expect(timeText(812)).toBe('812 ns')
  expect(timeText(751_400_000)).toBe('751 ms')
  expect(timeText(999_600_000)).toBe('1.00 s')
  expect(timeText(0)).toBe('0 ns')
  expect(rateText(1_434_000_000)).toBe('1.43 GB/s')
  expect(sizeText(512 * KiB)).toBe('512 KiB')
  expect(sizeText(3 * GiB)).toBe('3 GiB')
  expect(sizeText(1.5 * MiB)).toBe('1.5 MiB')
  expect(sizeText(17)).toBe('17 B')
})

test('percentages and waits', () => {
  expect(percentText(0.4149)).toBe('41 %')
  expect(percentText(-0.021)).toBe('-2.1 %')
  expect(waitText(130e9)).toBe('2 min 10 s')
  expect(waitText(1)).toBe('1 s')
  expect(waitText(3900e9)).toBe('1 h 5 min')
  expect(countText(1, 'sample')).toBe('1 sample')
  expect(countText(0, 'sample')).toBe('0 samples')
})

test('a clock time is written to the second', () => {
  expect(clockText(new Date(2026, 10, 3, 4, 5, 6).toISOString())).toBe('2026-11-03 04:05:06')
})

test('a deviation carries its sign, unless it rounds to nothing', () => {
  expect(signedPercentText(0.053)).toBe('+5.3 %')
  expect(signedPercentText(-0.176)).toBe('-18 %')
  expect(signedPercentText(-0.0002)).toBe('0.0 %')
})
