import type { RunDetail } from '../../contract/run.ts'
import { type StoredSample, sampleColumns } from '../../contract/sample.ts'
import { csvText } from '../words/foreignText.ts'
import { csvColumns, figureFields, otherFigures, runFields } from './csvColumns.ts'

export const csvHeader = csvColumns.map(({ name }) => name).join(',')

/**
 * Samples as CSV after RFC 4180: CRLF, a field quoted only where it must be. docs/csv.md has every column. `null` is an
 * empty field, marks are joined by `; `.
 */
export function csvOf({ run, samples }: RunDetail): string {
  const identity = runFields(run).map(csvText).join(',')
  const record = (sample: StoredSample) =>
    `${identity},${csvRecord(sample)},${figureFields(sample).join(',')},${csvText(otherFigures(sample))}`
  return [csvHeader, ...samples.map(record), ''].join('\r\n')
}

/** The `sampleColumns` of one sample, without its line's end. */
export function csvRecord(sample: StoredSample): string {
  return sampleColumns.map(column => csvField(sample[column])).join(',')
}

/** One field: `null` is empty, a list is joined by `; `. */
export function csvField(value: string | number | boolean | null | readonly string[]): string {
  if (value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return csvText(typeof value === 'object' ? value.join('; ') : value)
}
