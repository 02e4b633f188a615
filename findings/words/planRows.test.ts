import { expect, test } from 'vitest'
import { planSchema } from '../../contract/plan.ts'
import { MiB } from '../../contract/size.ts'
import { planRows } from './planRows.ts'

const smallest = { target: 'local', schemes: ['memfd-direct'], sizesBytes: [MiB] } as const

function rowsOf(change: object): Map<string, string> {
  return new Map(planRows(planSchema.parse({ ...smallest, ...change })))
}

test.each([
  [{}, 'verified', 'every byte'],
  [{ verify: false }, 'verified', 'nothing'],
  [{ target: 'sim:phone' }, 'verified', 'nothing (a simulated load has no bytes)'],
  [{}, 'folder', 'the target’s choice'],
  [{ directory: '/data' }, 'folder', '/data'],
  [{ sizesBytes: [], file: '/model' }, 'sizes', 'the whole file'],
  [{ hugePages: true }, 'huge pages', 'asked for'],
  [{ hugePages: true, hugePageSize: '64KiB' }, 'huge pages', 'asked for, of 64KiB alone'],
  [{ hugePages: true, hugePageSize: 'hugetlb' }, 'huge pages', 'asked for, of the hugetlb pool'],
  [{ coolBelowMilliCelsius: 45_500 }, 'cool below', '45.5 °C'],
  [{}, 'cool below', 'no wait'],
])('a plan with %o says of %s: %s', (change, what, value) => {
  expect(rowsOf(change).get(what)).toBe(value)
})

test('every row of a plan has a name of its own', () => {
  const rows = planRows(planSchema.parse(smallest))
  expect(new Set(rows.map(([what]) => what)).size).toBe(rows.length)
})
