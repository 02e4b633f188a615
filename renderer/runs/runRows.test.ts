import { expect, test } from 'vitest'
import { runSummary } from '../../findings/testing/runSummary.ts'
import { runRows } from './runRows.ts'

const runs = [
  runSummary({ id: 1 }),
  runSummary({ id: 2, status: 'cancelled', samplesDone: 1 }),
  runSummary({
    id: 10,
    target: 'sim:phone',
    title: 'phone',
    simulated: true,
    schemes: ['normal', 'udmabuf-direct'],
  }),
]
const ids = (filter: string, column: Parameters<typeof runRows>[2]['column'], descending = false) =>
  runRows(runs, filter, { column, descending }).map(one => one.id)

test('ids sort as numbers', () => {
  expect(ids('', 'id')).toEqual([1, 2, 10])
  expect(ids('', 'id', true)).toEqual([10, 2, 1])
})

test('rows that are equal in the column keep the order of their ids', () => {
  expect(ids('', 'sizes')).toEqual([1, 2, 10])
  expect(ids('', 'schemes', true)).toEqual([10, 2, 1])
})

test('a run is found by every word of the filter: scheme, status, size, target, origin', () => {
  expect(ids('UDMABUF', 'id')).toEqual([10])
  expect(ids('cancelled local', 'id')).toEqual([2])
  expect(ids('8mib measured', 'id')).toEqual([1, 2])
  expect(ids('simulated cancelled', 'id')).toEqual([])
  expect(ids('#10', 'id')).toEqual([10])
})
