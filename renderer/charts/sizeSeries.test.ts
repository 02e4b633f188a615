import { expect, test } from 'vitest'
import { GiB, MiB } from '../../contract/size.ts'
import { cellsOf } from '../../findings/cells.ts'
import { storedSample } from '../../findings/testing/storedSample.ts'
import { ceilingLine, repeatPoints, sizeDomain, sizeSeries } from './sizeSeries.ts'

const cells = cellsOf([
  storedSample({ scheme: 'memfd-direct', bytes: GiB, totalNs: 1_200_000_000 }),
  storedSample({ scheme: 'memfd-direct', bytes: 8 * MiB, totalNs: 9_000_000 }),
  storedSample({ scheme: 'memfd-direct', bytes: 8 * MiB, totalNs: 11_000_000 }),
  storedSample({ scheme: 'memfd-gather-direct', bytes: GiB, totalNs: 700_000_000 }),
])

test('one series per scheme, its medians by rising size', () => {
  const series = sizeSeries(cells)
  expect(series.map(({ scheme, points }) => [scheme, points.map(({ x, y }) => [x, y])])).toEqual([
    [
      'memfd-direct',
      [
        [8 * MiB, 10_000_000],
        [GiB, 1_200_000_000],
      ],
    ],
    ['memfd-gather-direct', [[GiB, 700_000_000]]],
  ])
})

test('every repeat is a point', () => {
  expect(repeatPoints(cells).map(point => point.y)).toEqual([9e6, 11e6, 1.2e9, 0.7e9])
})

test('the ceiling is a straight line through both ends', () => {
  expect(ceilingLine([8, 1, 4], 2)).toEqual([
    { x: 1, y: 0.5e9 },
    { x: 8, y: 4e9 },
  ])
  expect(ceilingLine([], 2)).toEqual([])
})

test('the size axis holds every size', () => {
  const x = sizeDomain([8 * MiB, GiB])
  expect(x.min).toBeLessThan(8 * MiB)
  expect(x.max).toBeGreaterThan(GiB)
})
