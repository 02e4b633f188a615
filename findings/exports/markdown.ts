import type { RunDetail } from '../../contract/run.ts'
import { ratioText } from '../comparisonText.ts'
import { loadCostFields, loadCostNote, loadCostsOf, loadCostTitles } from '../loadCosts.ts'
import { overlapRowOf } from '../overlapRows.ts'
import { runCeilingText } from '../words/ceilingText.ts'
import { columnTitles } from '../words/columnTitles.ts'
import { machineRows, stateRows, unprobedText } from '../words/environmentRows.ts'
import { percentText, rateText, sizeText, timeText } from '../words/figureText.ts'
import { markdownText } from '../words/foreignText.ts'
import { planRows } from '../words/planRows.ts'
import { pairRows, type Row } from '../words/rows.ts'
import { repeatNumber } from '../words/sampleTitle.ts'
import { loadTimeNotes } from './loadTimeNotes.ts'
import { cellName, type Report, type ReportRow, reportOf } from './report.ts'

type Align = 'left' | 'right'

const titles = columnTitles

/** A report to paste and to trust: the answer, the evidence, then everything that could have changed it. */
export function markdownOf(detail: RunDetail): string {
  const report = reportOf(detail)
  const sections = [
    ...headline(detail, report),
    ...loadTimes(report),
    ...formulas(report),
    ...loadCosts(report),
    ...unmeasured(report),
    ...environment(detail),
    '## Plan',
    table(['option', 'value'], ['left', 'left'], planRows(detail.run.plan)),
  ]
  return `${sections.join('\n\n')}\n`
}

function headline({ run }: RunDetail, report: Report): string[] {
  const lines: Row[] = [
    ['run', `${run.id}, ${run.uuid}`],
    ['target', run.capabilities === null ? run.plan.target : `${run.plan.target}, ${run.capabilities.title}`],
    ['started', run.createdAt],
    ['status', run.reason === '' ? run.status : `${run.status}: ${run.reason}`],
    ['samples', `${run.samplesDone} of ${run.samplesPlanned}, ${run.samplesFailed} failed`],
    ['ceiling', runCeilingText(run)],
    ['lab', run.labVersion],
  ]
  return [
    `# ${markdownText(report.answer?.sentence ?? 'No load was measured.')}`,
    ...(report.answer === null ? [] : [markdownText(report.answer.basis)]),
    ...(report.simulated ? ['> **SIM** Every figure here is simulated. None was measured.'] : []),
    table(['', ''], ['left', 'left'], lines),
  ]
}

function loadTimes(report: Report): string[] {
  if (report.sizes.length === 0) return []
  const rows = report.sizes.flatMap(({ bytes, rows }) => rows.map(row => loadTimeRow(bytes, row, report)))
  const names = ['size', 'scheme', 'source', 'n', 'median', 'interval']
  const columns = [...names, titles.throughput, titles.ofCeiling, 'time against baseline', 'verdict']
  const align = columns.map(
    (name): Align => (['scheme', 'source', 'verdict'].includes(name) ? 'left' : 'right'),
  )
  return [
    '## Load time',
    table(columns, align, rows),
    loadTimeNotes(report)
      .map(note => `- ${note}`)
      .join('\n'),
  ]
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

function formulas(report: Report): string[] {
  const rows = report.sizes.flatMap(({ bytes, rows }) => rows.map(row => formulaRow(bytes, row)))
  if (rows.length === 0) return []
  const columns = [
    ...['size', 'scheme', 'repeat', titles.allocTerm, titles.readTerm, titles.serialSum],
    ...[titles.firstGather, titles.remainingAlloc, titles.overlappedBound, titles.total, titles.overlapWon],
  ]
  const align = columns.map((name): Align => (name === 'scheme' ? 'left' : 'right'))
  return [
    '## The two formulas',
    [
      'Serial: `T = T(alloc) + T(I/O)`  ',
      'Overlapped: `T = T(first gather) + max(T(remaining alloc), T(I/O))`  ',
      'With the times of the one sample nearest to the median, so that they add up; repeats count from 1.',
      'Overlap won is the median of what each sample won.',
    ].join('\n'),
    table(columns, align, rows),
  ]
}

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

function loadCosts(report: Report): string[] {
  const rows = report.sizes.flatMap(({ bytes, rows }) =>
    rows.map(({ cell }) => [sizeText(bytes), cellName(cell), ...loadCostFields(loadCostsOf(cell))]),
  )
  // Nothing of it is simulated.
  if (rows.length === 0 || report.simulated) return []
  const columns = ['size', 'scheme', ...loadCostTitles]
  const align = columns.map((name): Align => (name === 'scheme' ? 'left' : 'right'))
  return ['## What a load costs beside its time', loadCostNote, table(columns, align, rows)]
}

function unmeasured({ unmeasured }: Report): string[] {
  if (unmeasured.length === 0) return []
  const rows = unmeasured.map(each => [each.scheme, each.status, String(each.count), each.reason])
  return [
    '## Not measured',
    table(['scheme', 'status', 'samples', 'why'], ['left', 'left', 'right', 'left'], rows),
  ]
}

function environment({ run }: RunDetail): string[] {
  if (run.capabilities === null) return ['## Environment', unprobedText]
  const before = run.capabilities.environment
  const machine = ['## Environment', table(['', ''], ['left', 'left'], machineRows(before))]
  // Nothing of a simulated machine moves.
  if (run.capabilities.simulated) return machine
  const later = run.capabilitiesAfter === null ? [] : stateRows(run.capabilitiesAfter.environment)
  const states = pairRows(stateRows(before), later).map(({ what, before, after }) => [
    what,
    before ?? '',
    after ?? '',
  ])
  return [...machine, table(['', 'before', 'after'], ['left', 'left', 'left'], states)]
}

function table(
  columns: readonly string[],
  align: readonly Align[],
  rows: readonly (readonly string[])[],
): string {
  const line = (fields: readonly string[]) => `| ${fields.map(markdownText).join(' | ')} |`
  const rule = `|${align.map(side => (side === 'right' ? '---:' : '---')).join('|')}|`
  return [line(columns), rule, ...rows.map(line)].join('\n')
}
