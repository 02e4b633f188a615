import { visibleText } from '../../findings/words/foreignText.ts'
import { bold } from './terminal.ts'

export type Column<Row> = {
  readonly title: string
  readonly align: 'left' | 'right'
  readonly text: (row: Row) => string
}

/** A table for the terminal: columns two spaces apart, as wide as their widest cell. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map(row => columns.map(column => visibleText(column.text(row))))
  const titles = columns.map(column => column.title)
  const widths = titles.map((title, index) =>
    Math.max(title.length, ...cells.map(line => line[index]?.length ?? 0)),
  )
  const format = (line: readonly string[]) =>
    line
      .map((text, index) => pad(text, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd()
  return [bold(format(titles)), ...cells.map(format)].join('\n')
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  return align === 'left' ? text.padEnd(width) : text.padStart(width)
}
