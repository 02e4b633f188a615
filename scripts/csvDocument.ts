import { csvColumns } from '../findings/exports/csvColumns.ts'
import { markdownTable } from './markdownTable.ts'

const introduction = `# The CSV export

One row per sample, warm-ups and failures among them, under one header; no comments. RFC 4180: fields joined by commas, lines
by CRLF, a field in quotes only where it holds a comma, a quote or a line's end. An empty field is a figure that the sample
does not have. Written by \`node scripts/csvColumns.ts\`; a test compares it.
`

/** docs/csv.md. */
export function csvDocument(): string {
  const rows = csvColumns.map(({ name, unit, meaning }) => [`\`${name}\``, unit, meaning])
  return `${introduction}\n${markdownTable(['column', 'unit', 'what it is'], rows)}\n`
}
