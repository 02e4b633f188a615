import type { Run, RunDetail } from '../../contract/run.ts'
import type { Capabilities } from '../../contract/target.ts'
import { levelText, shortChangeText } from '../comparisonText.ts'
import { overlapRowOf } from '../overlapRows.ts'
import type { Comparison } from '../statistics/comparePairs.ts'
import { runCeilingText } from '../words/ceilingText.ts'
import { androidText, unprobedText } from '../words/environmentRows.ts'
import { countText, percentText, sizeText, timeText } from '../words/figureText.ts'
import { optionRows } from '../words/planRows.ts'
import { untold } from '../words/rows.ts'
import { loadTimeNotes } from './loadTimeNotes.ts'
import { ascii, item, narrowDigits, tableLine, wrapped } from './mailText.ts'
import { cellName, type Report, type ReportRow, reportOf } from './report.ts'

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
    throughput === null ? '' : narrowDigits(throughput / 1e9),
    ...ratioFields(comparison, cellName(cell) === report.baseline),
  ]
}

function ratioFields(comparison: Comparison | null, isBaseline: boolean): string[] {
  if (comparison === null) return [isBaseline ? '1' : '', '']
  const { ratio, low, high, confidence } = comparison
  return [narrowDigits(ratio), confidence === 0 ? '' : `${narrowDigits(low)}-${narrowDigits(high)}`]
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
  const { fileSystem, blockDevice, mountOptions, android } = environment
  return [
    `Kernel:  ${kernel} ${architecture}, ${sizeText(environment.pageBytes)} pages`,
    ...(android === undefined
      ? []
      : [`Android: ${androidText(android)}, ${android.fingerprint ?? `build ${untold}`}`]),
    `Machine: ${cpuCount} CPUs${governor === null ? '' : ` (${governor})`}, ${sizeText(memoryTotalBytes)}`,
    `Storage: ${fileSystem ?? `file system ${untold}`} on ${blockDevice ?? `a device ${untold}`} (${mountOptions ?? `options ${untold}`})`,
  ]
}

function optionsText(run: Run): string {
  return optionRows(run.plan)
    .map(([what, value]) => `${what}: ${value}`)
    .join(', ')
}
