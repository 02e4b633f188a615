import { expect, test } from 'vitest'
import { GiB } from '../../contract/size.ts'
import { inUnit, unitText } from './sizeUnits.ts'

test('a load reads the same in every unit', () => {
  const load = (unit: Parameters<typeof inUnit>[0], ceiling: number | null = 2 * GiB) =>
    inUnit(unit, GiB, 1e9, ceiling)
  expect(load('time')).toBe(1e9)
  expect(load('throughput')).toBe(GiB)
  expect(load('of ceiling')).toBe(0.5)
  expect(load('of ceiling', null)).toBeNaN()
  expect(unitText('time', 1e9)).toBe('1 s')
  expect(unitText('throughput', 1.5e9)).toBe('1.50 GB/s')
  expect(unitText('of ceiling', 0.5)).toBe('50 %')
})
