import type { RunDetail } from '../../contract/run.ts'
import { medianSample } from '../cells.ts'
import { ratioText } from '../comparisonText.ts'
import { overlappedBoundNs, overlapWon, serialSumNs } from '../formulas.ts'
import { percentText, rateText, sizeText, timeText } from '../words/figureText.ts'
import { machineRows, planRows, type Row, stateRows } from '../words/setupRows.ts'
import { loadTimeNotes } from './loadTimeNotes.ts'
import { cellName, type Report, type ReportRow, reportOf } from './report.ts'

type Align = 'left' | 'right'

/** A report to paste and to trust: the answer, the evidence, then everything that could have changed it. */
export function markdownOf(detail: RunDetail): string {
  const report = reportOf(detail)
  const sections = [
    ...headline(detail, report),
    ...loadTimes(report),
    ...formulas(report),
    ...unmeasured(report),
    ...environment(detail),
    '## Plan',
    table(['option', 'value'], ['left', 'left'], planRows(detail.run.plan)),
  ]
  return `${sections.join('\n\n')}\n`
}

function headline({ run }: RunDetail, report: Report): string[] {
  const ceiling = run.ceiling
  const lines: Row[] = [
    ['run', `${run.id}, ${run.uuid}`],
    ['target', run.capabilities === null ? run.plan.target : `${run.plan.target}, ${run.capabilities.title}`],
    ['started', run.createdAt],
    ['status', run.reason === '' ? run.status : `${run.status}: ${run.reason}`],
    ['samples', `${run.samplesDone} of ${run.samplesPlanned}, ${run.samplesFailed} failed`],
    [
      'ceiling',
      ceiling === null
        ? 'not measured'
        : `${rateText(ceiling.bytesPerSecond)}, ${ceiling.method}, ${sizeText(ceiling.blockBytes)} blocks, depth ${ceiling.depth}`,
    ],
    ['lab', run.labVersion],
  ]
  return [
    `# ${escaped(report.answer?.sentence ?? 'No load was measured.')}`,
    ...(report.answer === null ? [] : [escaped(report.answer.basis)]),
    ...(report.simulated ? ['> **SIM** Every figure here is simulated. None was measured.'] : []),
    table(['', ''], ['left', 'left'], lines),
  ]
}

function loadTimes(report: Report): string[] {
  if (report.sizes.length === 0) return []
  const rows = report.sizes.flatMap(({ bytes, rows }) => rows.map(row => loadTimeRow(bytes, row, report)))
  const names = ['size', 'scheme', 'source', 'n', 'median', 'interval', 'throughput', 'of ceiling']
  const columns = [...names, 'time against baseline', 'verdict']
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
    ...['size', 'scheme', 'repeat', 'T(alloc)', 'T(I/O)', 'serial sum'],
    ...['T(first gather)', 'T(remaining alloc)', 'overlapped', 'measured T', 'overlap won'],
  ]
  const align = columns.map((name): Align => (name === 'scheme' ? 'left' : 'right'))
  return [
    '## The two formulas',
    [
      'Serial: `T = T(alloc) + T(I/O)`  ',
      'Overlapped: `T = T(first gather) + max(T(remaining alloc), T(I/O))`  ',
      'With the figures of the one sample nearest to the median, so that they add up.',
    ].join('\n'),
    table(columns, align, rows),
  ]
}

function formulaRow(bytes: number, { cell }: ReportRow): string[] {
  const sample = medianSample(cell)
  if (sample === null) return []
  const time = (ns: number | null) => (ns === null ? '' : timeText(ns))
  const won = overlapWon(sample)
  return [
    sizeText(bytes),
    cellName(cell),
    String(sample.repeat),
    time(sample.allocNs),
    time(sample.readNs),
    time(serialSumNs(sample)),
    time(sample.firstGatherNs),
    time(sample.remainingAllocNs),
    time(overlappedBoundNs(sample)),
    time(sample.totalNs),
    won === null ? '' : percentText(won),
  ]
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
  if (run.capabilities === null) return ['## Environment', 'The target could not be probed.']
  const before = run.capabilities.environment
  const machine = ['## Environment', table(['', ''], ['left', 'left'], machineRows(before))]
  // Nothing of a simulated machine moves.
  if (run.capabilities.simulated) return machine
  const after = new Map(run.capabilitiesAfter === null ? [] : stateRows(run.capabilitiesAfter.environment))
  const states = stateRows(before).map(([what, value]) => [what, value, after.get(what) ?? ''])
  return [...machine, table(['', 'before', 'after'], ['left', 'left', 'left'], states)]
}

function table(
  columns: readonly string[],
  align: readonly Align[],
  rows: readonly (readonly string[])[],
): string {
  const line = (fields: readonly string[]) => `| ${fields.map(escaped).join(' | ')} |`
  const rule = `|${align.map(side => (side === 'right' ? '---:' : '---')).join('|')}|`
  return [line(columns), rule, ...rows.map(line)].join('\n')
}

/** Text from a device or a person: it must not end a table's cell or a line, nor become markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\|`*<>[\]]|\b_\B|\B_\b/g, '\\$&').replaceAll(/\s+/g, ' ')
}
