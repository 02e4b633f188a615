import { type StoredSample, sampleColumns } from '../../contract/sample.ts'
import { csvText } from '../words/foreignText.ts'

type Value = StoredSample[(typeof sampleColumns)[number]]

/**
 * Samples as CSV after RFC 4180: CRLF, a field quoted only where it must be. The header is exactly `sampleColumns`.
 * `null` is an empty field, marks are joined by `; `.
 */
export function csvOf(samples: readonly StoredSample[]): string {
  return [sampleColumns.join(','), ...samples.map(csvRecord), ''].join('\r\n')
}

/** One sample, without its line's end. */
export function csvRecord(sample: StoredSample): string {
  return sampleColumns.map(column => field(sample[column])).join(',')
}

function field(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return csvText(typeof value === 'object' ? value.join('; ') : value)
}
