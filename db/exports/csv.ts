import { type StoredSample, sampleColumns } from '../../contract/sample.ts'

type Value = StoredSample[(typeof sampleColumns)[number]]

/**
 * Samples as CSV after RFC 4180: CRLF, a field quoted only where it must be. The header is exactly `sampleColumns`.
 * `null` is an empty field, marks are joined by `; `.
 */
export function csvOf(samples: readonly StoredSample[]): string {
  const rows = samples.map(sample => sampleColumns.map(column => field(sample[column])).join(','))
  return [sampleColumns.join(','), ...rows, ''].join('\r\n')
}

function field(value: Value): string {
  if (value === null) return ''
  const text = typeof value === 'object' ? value.join('; ') : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
