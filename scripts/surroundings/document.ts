import { join } from 'node:path'
import { columns, type Row } from './look.ts'

export const documentPath = join(import.meta.dirname, '../../docs/surroundings.md')

export function lineOf(row: readonly string[]): string {
  return `| ${row.join(' | ')} |`
}

export function tableOf(rows: readonly Row[]): string {
  return [lineOf(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(lineOf)].join('\n')
}

/** The document with its one table replaced. */
export function withTable(document: string, table: string): string {
  const lines = document.split('\n')
  const first = lines.findIndex(line => line.startsWith('|'))
  const last = lines.findLastIndex(line => line.startsWith('|'))
  return [...lines.slice(0, first), table, ...lines.slice(last + 1)].join('\n')
}
