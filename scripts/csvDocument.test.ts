import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sampleColumns } from '../contract/sample.ts'
import { csvColumns, figureColumns, sampleMeanings } from '../findings/exports/csvColumns.ts'
import { csvDocument } from './csvDocument.ts'

const root = join(import.meta.dirname, '..')

test('docs/csv.md has every column of the export (node scripts/csvColumns.ts writes it)', () => {
  expect(readFileSync(join(root, 'docs/csv.md'), 'utf8')).toBe(csvDocument())
})

test('no column is there twice, and those of a sample keep the contract’s order', () => {
  const names = csvColumns.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(Object.keys(sampleMeanings)).toEqual([...sampleColumns])
})

test('a unit is that of the name', () => {
  for (const { name, unit } of csvColumns) {
    if (name.endsWith('Ns')) expect(unit, name).toBe('ns')
    if (/Bytes|^bytes$/.test(name)) expect(unit, name).toBe('bytes')
  }
})

test('every figure that the agent writes has a column', () => {
  const source = globSync('device/agent/**/*.c', { cwd: root }).map(path =>
    readFileSync(join(root, path), 'utf8'),
  )
  const written = source.flatMap(text => [...text.matchAll(/write_figure\("(\w+)"/g)].map(([, name]) => name))
  expect(written.length).toBeGreaterThan(5)
  expect(Object.keys(figureColumns)).toEqual(expect.arrayContaining(written))
})
