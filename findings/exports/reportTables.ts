import type { Run, RunDetail } from '../../contract/run.ts'
import { ratioText } from '../comparisonText.ts'
import { overlapRowOf } from '../overlapRows.ts'
import { runCeilingText } from '../words/ceilingText.ts'
import { columnTitles as titles } from '../words/columnTitles.ts'
import { machineRows, stateRows } from '../words/environmentRows.ts'
import { percentText, rateText, sizeText, timeText } from '../words/figureText.ts'
import { planRows } from '../words/planRows.ts'
import { pairRows, type Row } from '../words/rows.ts'
import { repeatNumber } from '../words/sampleTitle.ts'
import { cellName, type Report, type ReportRow } from './report.ts'

/** A table of a report before it is laid out. */
export type Table = { readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] }
export type Column = { readonly title: string; readonly align: 'left' | 'right' }

const left = (title: string): Column => ({ title, align: 'left' })
const right = (title: string): Column => ({ title, align: 'right' })

/** Which run it is, and how it went. */
export function runTable({ run }: RunDetail): Table {
  const rows: Row[] = [
    ['run', `${run.id}, ${run.uuid}`],
    ['target', run.capabilities === null ? run.plan.target : `${run.plan.target}, ${run.capabilities.title}`],
    ['started', run.createdAt],
    ['status', run.reason === '' ? run.status : `${run.status}: ${run.reason}`],
    ['samples', `${run.samplesDone} of ${run.samplesPlanned}, ${run.samplesFailed} failed`],
    ['ceiling', runCeilingText(run)],
    ['lab', run.labVersion],
  ]
  return { columns: [left(''), left('')], rows }
}

/** `null` where nothing was measured. */
export function loadTimeTable(report: Report): Table | null {
  if (report.sizes.length === 0) return null
  return {
    columns: [
      ...[right('size'), left('scheme'), left('source'), right('n'), right('median'), right('interval')],
      ...[right(titles.throughput), right(titles.ofCeiling), right('time against baseline'), left('verdict')],
    ],
    rows: report.sizes.flatMap(({ bytes, rows }) => rows.map(row => loadTimeRow(bytes, row, report))),
  }
}

function loadTimeRow(bytes: number, { cell, throughput, ofCeiling, comparison }: ReportRow, report: Report) {
  const { count, median, low, high } = cell.summary
  return [
    sizeText(bytes),
    cellName(cell),
    report.simulated ? 'SIM' : 'measured',
    String(count),
    timeText(median),
    `${timeText(low)} to ${timeText(high)}`,
    throughput === null ? '' : rateText(throughput),
    ofCeiling === null ? '' : percentText(ofCeiling),
    comparison === null ? '' : ratioText(comparison),
    comparison === null ? (cellName(cell) === report.baseline ? 'baseline' : '') : comparison.verdict,
  ]
}

/** What the two formulas say of each cell, with the times of its median sample. `null` where nothing was measured. */
export function formulaTable(report: Report): Table | null {
  const rows = report.sizes.flatMap(({ bytes, rows }) => rows.map(row => formulaRow(bytes, row)))
  if (rows.length === 0) return null
  return {
    columns: [
      ...[right('size'), left('scheme'), right('repeat')],
      ...[titles.allocTerm, titles.readTerm, titles.serialSum, titles.firstGather].map(right),
      ...[titles.remainingAlloc, titles.overlappedBound, titles.total, titles.overlapWon].map(right),
    ],
    rows,
  }
}

/** What the two formulas are, and what their figures rest on, a line each. */
export const formulaNotes = {
  serial: 'T = T(alloc) + T(I/O)',
  overlapped: 'T = T(first gather) + max(T(remaining alloc), T(I/O))',
  basis: 'With the times of the one sample nearest to the median, so that they add up; repeats count from 1.',
  won: 'Overlap won is the median of what each sample won.',
} as const

function formulaRow(bytes: number, { cell }: ReportRow): string[] {
  const row = overlapRowOf(cell)
  if (row === null) return []
  const time = (ns: number | null) => (ns === null ? '' : timeText(ns))
  return [
    sizeText(bytes),
    cellName(cell),
    String(repeatNumber(row.sample)),
    time(row.allocNs),
    time(row.readNs),
    time(row.serialNs),
    time(row.firstGatherNs),
    time(row.remainingAllocNs),
    time(row.boundNs),
    time(row.sample.totalNs),
    row.won === null ? '' : percentText(row.won),
  ]
}

/** `null` where every load gave a figure. */
export function unmeasuredTable({ unmeasured }: Report): Table | null {
  if (unmeasured.length === 0) return null
  return {
    columns: [left('scheme'), left('status'), right('samples'), left('why')],
    rows: unmeasured.map(each => [each.scheme, each.status, String(each.count), each.reason]),
  }
}

/** The machine, and what of it moved; of a machine that is simulated, nothing does. Empty where it was not probed. */
export function environmentTables({ capabilities, capabilitiesAfter }: Run): Table[] {
  if (capabilities === null) return []
  const before = capabilities.environment
  const machine = { columns: [left(''), left('')], rows: machineRows(before) }
  if (capabilities.simulated) return [machine]
  const later = capabilitiesAfter === null ? [] : stateRows(capabilitiesAfter.environment)
  const rows = pairRows(stateRows(before), later).map(({ what, before, after }) => [
    what,
    before ?? '',
    after ?? '',
  ])
  return [machine, { columns: [left(''), left('before'), left('after')], rows }]
}

export function planTable({ plan }: Run): Table {
  return { columns: [left('option'), left('value')], rows: planRows(plan) }
}
