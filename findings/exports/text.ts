import type { Run, RunDetail } from '../../contract/run.ts'
import type { Capabilities } from '../../contract/target.ts'
import { levelText, ratioDigits, shortChangeText } from '../comparisonText.ts'
import { overlapRowOf } from '../overlapRows.ts'
import type { Comparison } from '../statistics/comparePairs.ts'
import { runCeilingText } from '../words/ceilingText.ts'
import { unprobedText } from '../words/environmentRows.ts'
import { countText, percentText, sizeText, threeDigits, timeText } from '../words/figureText.ts'
import { visibleText } from '../words/foreignText.ts'
import { optionRows } from '../words/planRows.ts'
import { untold } from '../words/rows.ts'
import { loadTimeNotes } from './loadTimeNotes.ts'
import { cellName, type Report, type ReportRow, reportOf } from './report.ts'

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

/** What the loads of one size cost, each with its ratio to the baseline; under it what that rests on. */
function sizeTable({ bytes, rows }: Report['sizes'][number], report: Report): string {
  const title = `${sizeText(bytes)}${report.simulated ? ' SIM' : ''}`
  return [
    tableLine([title, 'alloc', 'I/O', 'total', 'GB/s', 'ratio', 'interval'], costWidths),
    ...rows.map(row => tableLine(costFields(row, report), costWidths)),
    tableLine(['', 'n', 'total', 'level', 'ceiling', 'change'], basisWidths),
    ...rows.map(row => tableLine(basisFields(row), basisWidths)),
  ].join('\n')
}

/** The terms of the median sample, so that they add up; total and rate are those of the median. */
function costFields({ cell, throughput, comparison }: ReportRow, report: Report): string[] {
  const terms = overlapRowOf(cell)
  const time = (ns: number | null | undefined) => (ns === null || ns === undefined ? '' : timeText(ns))
  return [
    cellName(cell),
    time(terms?.allocNs),
    time(terms?.readNs),
    timeText(cell.summary.median),
    throughput === null ? '' : threeDigits(throughput / 1e9),
    ...ratioFields(comparison, cellName(cell) === report.baseline),
  ]
}

function ratioFields(comparison: Comparison | null, isBaseline: boolean): string[] {
  if (comparison === null) return [isBaseline ? '1' : '', '']
  const { ratio, low, high, confidence } = comparison
  return [ratioDigits(ratio), confidence === 0 ? '' : `${ratioDigits(low)}-${ratioDigits(high)}`]
}

/** benchstat's way: the change of the time where the interval leaves out 1, else `~`. */
function basisFields({ cell, ofCeiling, comparison }: ReportRow): string[] {
  const { count, low, high } = cell.summary
  return [
    cellName(cell),
    String(count),
    `${timeText(low)}-${timeText(high)}`,
    comparison === null ? '' : levelOf(comparison),
    ofCeiling === null ? '' : percentText(ofCeiling),
    comparison === null ? '' : changeOf(comparison),
  ]
}

function levelOf({ confidence }: Comparison): string {
  return confidence === 0 ? 'one load' : levelText(confidence)
}

function changeOf({ verdict, ratio }: Comparison): string {
  return verdict === '~' ? '~' : shortChangeText(ratio)
}

const costWidths = [23, 7, 7, 7, 5, 6, 11] as const
const basisWidths = [23, 5, 17, 8, 7, 7] as const

function tableLine(fields: readonly string[], widths: readonly number[]): string {
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
