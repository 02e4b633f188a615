import { markupText } from '../words/foreignText.ts'
import { paper } from './paper.ts'
import type { Table } from './reportTables.ts'

/** A page in one file: no script, nothing from elsewhere. It prints on A4 and letter. `inside` is markup. */
export function htmlPage(title: string, inside: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${markupText(title)}</title>`,
    `<style>${pageStyle}</style>`,
    '</head>',
    '<body>',
    ...inside,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

export function section(title: string, ...inside: readonly string[]): string[] {
  return ['<section>', `<h2>${markupText(title)}</h2>`, ...inside, '</section>']
}

export function paragraph(text: string, kind = ''): string {
  return `<p${kind === '' ? '' : ` class="${kind}"`}>${markupText(text)}</p>`
}

export function htmlTable({ columns, rows }: Table): string {
  const cell = (tag: 'th' | 'td', text: string, column: number) =>
    `<${tag}${columns[column]?.align === 'right' ? ' class="number"' : ''}>${markupText(text)}</${tag}>`
  const named = columns.some(({ title }) => title !== '')
  return [
    '<table>',
    ...(named
      ? [`<thead><tr>${columns.map(({ title }, column) => cell('th', title, column)).join('')}</tr></thead>`]
      : []),
    '<tbody>',
    ...rows.map(fields => `<tr>${fields.map((text, column) => cell('td', text, column)).join('')}</tr>`),
    '</tbody>',
    '</table>',
  ].join('\n')
}

const pageStyle = [
  ':root{color-scheme:light}',
  `body{max-width:1040px;margin:24px auto;padding:0 16px;font:14px/1.45 ${paper.words};color:${paper.ink};background:${paper.ground}}`,
  'h1{font-size:20px;line-height:1.35;margin:0 0 8px}',
  'h2{font-size:15px;margin:28px 0 8px}',
  `.basis,.note,footer,th{color:${paper.quiet}}`,
  `.sim{border:2px dotted ${paper.edge};padding:4px 8px}`,
  'table{border-collapse:collapse;font-size:11.5px;margin:8px 0;max-width:100%}',
  `td,th{border-bottom:1px solid ${paper.line};padding:3px 10px 3px 0;text-align:left;vertical-align:top;overflow-wrap:anywhere}`,
  'th{font-weight:500}',
  `.number{text-align:right;font-family:${paper.numbers};font-variant-numeric:tabular-nums;overflow-wrap:normal}',
  'td.number{white-space:nowrap}`,
  `code,pre{font:12px ${paper.numbers}}`,
  `pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid ${paper.line};border-radius:6px;padding:8px}`,
  'figure{margin:8px 0}',
  'svg{max-width:100%;height:auto}',
  'ul{padding-left:18px;margin:8px 0;font-size:12px}',
  'footer{margin-top:32px;font-size:12px}',
  '@media print{body{margin:0;max-width:none;font-size:11px;print-color-adjust:exact;-webkit-print-color-adjust:exact}table{font-size:8.5px}td,th{padding-right:6px}figure,tr,pre{break-inside:avoid}h2{break-after:avoid}}',
].join('')
