import { expect, test } from 'vitest'
import { comparisonFormats, sidesComparisonSchema } from '../../contract/comparison.ts'
import type { RunDetail } from '../../contract/run.ts'
import { exampleDetail } from '../../db/fixtures/exampleDetail.ts'
import { compareSides } from '../compareSides.ts'
import { exportComparison } from './exportComparison.ts'

/** Devices as somebody hostile named them. */
const hostile = ['local', '<img src=x onerror=alert(1)>|', '=1+1']

function asRun(id: number, detail: RunDetail): RunDetail {
  return { ...detail, run: { ...detail.run, id } }
}

const comparison = compareSides(
  [exampleDetail(0.8), exampleDetail(0.4), exampleDetail(0.81)].map((detail, place) => ({
    detail: asRun(place + 1, detail),
    scheme: null,
    device: hostile[place] ?? '',
  })),
)
const bySize = compareSides(
  (['memfd-direct', 'memfd-gather-direct'] as const).map(scheme => ({
    detail: asRun(1, exampleDetail(0.4)),
    scheme,
    device: 'local',
  })),
)

test('the mail is plain, at most 72 columns wide, and has every ratio with its corrected p', () => {
  for (const compared of [comparison, bySize]) {
    const { text } = exportComparison(compared, 'text')
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(72)
    expect(text).toMatch(/^[\n\x20-\x7e]*$/)
  }
  const { text } = exportComparison(comparison, 'text')
  expect(text.match(/^memfd-gather-direct .* 0\.\d+-0\.\d+ +0\.0\d+$/gm)).toHaveLength(2)
  expect(exportComparison(bySize, 'text').text).toMatch(/^8 MiB .*0\.\d{3}-0\.\d{3}/m)
})

test('what a device is called stands in a report as text', () => {
  const html = exportComparison(comparison, 'html').text
  expect(html).not.toContain('<img')
  expect(html).toContain('&lt;img')
  expect(html).toContain('<svg')
  expect(exportComparison(comparison, 'markdown').text).not.toMatch(/[^\\]<img/)
  expect(exportComparison(comparison, 'csv').text).toContain(",'=1+1,")
})

test('the table has a record for each cell, and JSON is the comparison itself', () => {
  const records = exportComparison(comparison, 'csv').text.trimEnd().split('\r\n')
  expect(records).toHaveLength(1 + 4 * 3)
  expect(new Set(records.map(record => record.split(',').length))).toEqual(new Set([18]))
  const { fileName, text } = exportComparison(comparison, 'json')
  expect(fileName).toBe('dmabuf-lab-compare-1-2-3.json')
  expect(sidesComparisonSchema.parse(JSON.parse(text))).toEqual(comparison)
})

test('every format says something of sides that have nothing in common', () => {
  const detail = exampleDetail(0.4)
  const none = compareSides([
    { detail: asRun(1, detail), scheme: null, device: 'local' },
    { detail: asRun(2, { ...detail, samples: [] }), scheme: null, device: 'local' },
  ])
  for (const format of comparisonFormats)
    expect(exportComparison(none, format).text.length).toBeGreaterThan(60)
})
