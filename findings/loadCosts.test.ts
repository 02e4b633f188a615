import { expect, test } from 'vitest'
import type { SchemeId } from '../contract/schemes.ts'
import { GiB, MiB } from '../contract/size.ts'
import { cellsOf } from './cells.ts'
import { loadCostFields, loadCostsOf, loadCostTitles } from './loadCosts.ts'
import { storedSample } from './testing/storedSample.ts'

function costsOf(scheme: SchemeId, ...figures: Record<string, number>[]) {
  const samples = figures.map((own, id) =>
    storedSample({ id, scheme, bytes: 256 * MiB, totalNs: 100 * (id + 1), figures: own }),
  )
  const [cell] = cellsOf(samples)
  if (cell === undefined) throw new Error('no sample')
  return loadCostsOf(cell)
}

test('processor time is told for a GiB, whatever the size', () => {
  expect(costsOf('memfd-direct', { cpuNs: 100 }, { cpuNs: 300 }).cpuNsPerGiB).toBe(200 * (GiB / (256 * MiB)))
  expect(costsOf('memfd-direct', {}).cpuNsPerGiB).toBeNull()
})

test('the time until a device may read is that of one load with its own import', () => {
  const costs = costsOf(
    'udmabuf-direct',
    { importNs: 50, importSegments: 7 },
    { importNs: 10, importSegments: 7 },
  )
  expect(costs).toMatchObject({ importNs: 30, untilReadableNs: 180, segments: 7, vgemNs: null })
  expect(costsOf('memfd-direct', {}).untilReadableNs).toBeNull()
})

test.each([
  ['memfd-direct', 0, 1],
  ['memfd-buffered', 1, 1],
  ['memfd-dontcache', 1, 1],
  ['memfd-mmap-copy', 1, 2],
  ['sendfile-direct', 1, 0],
  ['wrapfd-direct', 0, 0],
] as const)('%s copies %d times its bytes and maps %d times', (scheme, copied, mapped) => {
  const bytes = 256 * MiB
  expect(costsOf(scheme, {})).toMatchObject({ copiedBytes: copied * bytes, mappedBytes: mapped * bytes })
})

test('every column has a field', () => {
  expect(loadCostFields(costsOf('memfd-direct', { cpuNs: 1 }))).toHaveLength(loadCostTitles.length)
})
