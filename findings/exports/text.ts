import type { Run, RunDetail } from '../../contract/run.ts'
import type { Capabilities } from '../../contract/target.ts'
import type { Comparison } from '../statistics/comparePairs.ts'
import { runCeilingText } from '../words/ceilingText.ts'
import { unprobedText } from '../words/environmentRows.ts'
import { countText, percentText, sizeText, timeText } from '../words/figureText.ts'
import { visibleText } from '../words/foreignText.ts'
import { optionRows } from '../words/planRows.ts'
import { untold } from '../words/rows.ts'
import { loadTimeNotes } from './loadTimeNotes.ts'
import { type Report, type ReportRow, reportOf } from './report.ts'

/** What a mail client shows without wrapping, once quoted. */
const columns = 72

/**
 * The report for a mailing list: plain ASCII from us, at most 72 columns, aligned for a fixed-width font. A longer word
 * (a path, a scheme's name) is never broken.
 */
export function textOf(detail: RunDetail): string {
  const report = reportOf(detail)
  const paragraphs = [
    ...(report.simulated ? [wrapped('SIMULATED: no figure here was measured.')] : []),
    wrapped(report.answer?.sentence ?? 'No load was measured.'),
    ...(report.answer === null ? [] : [wrapped(report.answer.basis)]),
    ...report.sizes.map(size => sizeTable(size, report)),
    ...(report.sizes.length === 0
      ? []
      : [
          loadTimeNotes(report)
            .map(note => item(note))
            .join('\n'),
        ]),
    ...unmeasured(report),
    setup(detail.run),
  ]
  return `${paragraphs.map(ascii).join('\n\n')}\n`
}

function sizeTable({ bytes, rows }: Report['sizes'][number], report: Report): string {
  const title = `${sizeText(bytes)}${report.simulated ? ' SIM' : ''}`
  return [
    tableLine([title, 'n', 'median', 'interval', 'ceiling', 'delta']),
    ...rows.map(row => tableLine(fieldsOf(row, report))),
  ].join('\n')
}

function fieldsOf({ cell, ofCeiling, comparison }: ReportRow, report: Report): string[] {
  const { count, median, low, high } = cell.summary
  return [
    cell.scheme,
    String(count),
    timeText(median),
    `${timeText(low)}-${timeText(high)}`,
    ofCeiling === null ? '' : percentText(ofCeiling),
    comparison === null ? (cell.scheme === report.baseline ? 'base' : '') : deltaText(comparison),
  ]
}

/** benchstat's way: the change of the time where one was shown, else `~`. */
function deltaText({ verdict, ratio }: Comparison): string {
  if (verdict === '~') return '~'
  return `${ratio >= 1 ? '+' : ''}${percentText(ratio - 1)}`
}

const widths = [23, 4, 8, 17, 8, 7] as const

function tableLine(fields: readonly string[]): string {
  const padded = fields.map((field, column) => {
    const width = widths[column] ?? 0
    return column === 0 ? field.padEnd(width) : field.padStart(width)
  })
  return padded.join(' ').trimEnd()
}

function unmeasured(report: Report): string[] {
  if (report.unmeasured.length === 0) return []
  const lines = report.unmeasured.map(({ scheme, status, count, reason }) =>
    item(`${scheme}: ${status}, ${count} x${reason === '' ? '' : `, ${reason}`}`),
  )
  return [['Not measured:', ...lines].join('\n')]
}

function setup(run: Run): string {
  const lines = [
    `Target:  ${run.plan.target}${run.capabilities === null ? '' : `, ${run.capabilities.title}`}`,
    ...(run.capabilities === null ? [`Machine: ${unprobedText}`] : machineLines(run.capabilities)),
    `Ceiling: ${runCeilingText(run)}`,
    `Plan:    ${countText(run.plan.repeats, 'repeat')}, ${countText(run.plan.warmups, 'warm-up')}, ${optionsText(run)}, seed ${run.plan.seed}`,
    `Run:     ${run.uuid}, ${run.createdAt}, ${run.status}, dmabuf-lab ${run.labVersion}`,
    ...(run.reason === '' ? [] : [`Reason:  ${run.reason}`]),
  ]
  return lines.map(line => wrapped(line, '         ')).join('\n')
}

function machineLines({ simulated, environment }: Capabilities): string[] {
  const { kernel, architecture, cpuCount, governor, memoryTotalBytes } = environment
  if (simulated) return [`Machine: simulated, ${cpuCount} CPUs, ${sizeText(memoryTotalBytes)}`]
  const { fileSystem, blockDevice, mountOptions } = environment
  return [
    `Kernel:  ${kernel} ${architecture}, ${sizeText(environment.pageBytes)} pages`,
    `Machine: ${cpuCount} CPUs${governor === null ? '' : ` (${governor})`}, ${sizeText(memoryTotalBytes)}`,
    `Storage: ${fileSystem ?? `file system ${untold}`} on ${blockDevice ?? `a device ${untold}`} (${mountOptions ?? `options ${untold}`})`,
  ]
}

function optionsText(run: Run): string {
  return optionRows(run.plan)
    .map(([what, value]) => `${what}: ${value}`)
    .join(', ')
}

function item(text: string): string {
  return wrapped(`- ${text}`, '  ')
}

function wrapped(text: string, indent = ''): string {
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
function ascii(text: string): string {
  return text.replaceAll('µ', 'u').replaceAll('’', "'")
}
