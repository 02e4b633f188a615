import { expect, test } from 'vitest'
import type { RunSummary } from '../../contract/run.ts'
import { MiB } from '../../contract/size.ts'
import { runRows } from './runRows.ts'

function run(differences: Partial<RunSummary>): RunSummary {
  return {
    id: 1,
    uuid: '7f0c0f1e-7d5e-4f0e-9f7b-0d9b8f3f6a11',
    createdAt: '2026-11-21T20:00:00.000Z',
    endedAt: null,
    status: 'finished',
    reason: '',
    target: 'local',
    title: 'this machine',
    simulated: false,
    schemes: ['memfd-direct'],
    sizesBytes: [8 * MiB],
    samplesPlanned: 3,
    samplesDone: 3,
    samplesFailed: 0,
    ...differences,
  }
}

const runs = [
  run({ id: 1 }),
  run({ id: 2, status: 'cancelled', samplesDone: 1 }),
  run({
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
