import { markdownText } from '../words/foreignText.ts'
import type { Table } from './reportTables.ts'

export function markdownTable({ columns, rows }: Table): string {
  const line = (fields: readonly string[]) => `| ${fields.map(markdownText).join(' | ')} |`
  const rule = `|${columns.map(({ align }) => (align === 'right' ? '---:' : '---')).join('|')}|`
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line)].join('\n')
}
