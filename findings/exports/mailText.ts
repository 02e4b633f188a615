import { threeDigits } from '../words/figureText.ts'
import { visibleText } from '../words/foreignText.ts'

/** What a mail client shows without wrapping, once quoted. */
const columns = 72

/** At most five characters up to 99999: three digits from 10 on, three decimals below 1. */
export function narrowDigits(value: number): string {
  return value < 1 ? value.toFixed(3) : threeDigits(value)
}

export function tableLine(fields: readonly string[], widths: readonly number[]): string {
  const padded = fields.map((field, column) => {
    const width = widths[column] ?? 0
    return column === 0 ? field.padEnd(width) : field.padStart(width)
  })
  return padded.join(' ').trimEnd()
}

export function item(text: string): string {
  return wrapped(`- ${text}`, '  ')
}

export function wrapped(text: string, indent = ''): string {
  const lines: string[] = []
  let line = ''
  for (const word of visibleText(oneLine(text)).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = indent + word
    } else {
      line = line === '' && lines.length === 0 ? word : `${line} ${word}`
    }
  }
  return [...lines, line].join('\n')
}

/** A line's end and the spaces around it become one space; others stay. */
function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line, place, lines) => {
      const begun = place === 0 ? line : line.trimStart()
      return place === lines.length - 1 ? begun : begun.trimEnd()
    })
    .join(' ')
}

/** Lists are read in terminals of any encoding. */
export function ascii(text: string): string {
  return text.replaceAll('µ', 'u').replaceAll('’', "'")
}
