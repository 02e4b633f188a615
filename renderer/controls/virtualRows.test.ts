import { expect, test } from 'vitest'
import { visibleRows } from './virtualRows.tsx'

test('of ten thousand rows only those in sight are built', () => {
  const view = { scrollTop: 24_000, height: 480, rowHeight: 24, count: 10_000 }
  expect(visibleRows(view)).toEqual({ first: 990, last: 1030 })
  expect(visibleRows({ ...view, scrollTop: 0, count: 5 })).toEqual({ first: 0, last: 5 })
})
