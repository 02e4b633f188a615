import type { Run, RunDetail } from '../../contract/run.ts'
import { loadCostNote, loadCostTitle } from '../loadCosts.ts'
import { againCommand } from '../words/commandText.ts'
import { unprobedText } from '../words/environmentRows.ts'
import { markdownText } from '../words/foreignText.ts'
import { loadTimeNotes } from './loadTimeNotes.ts'
import { markdownTable as table } from './markdownTable.ts'
import { type Report, reportOf } from './report.ts'
import {
  environmentTables,
  formulaNotes,
  formulaTable,
  loadCostTable,
  loadTimeTable,
  planTable,
  runTable,
  unmeasuredTable,
} from './reportTables.ts'

/** A report to paste and to trust: the answer, the evidence, then everything that could have changed it. */
export function markdownOf(detail: RunDetail): string {
  const report = reportOf(detail)
  const sections = [
    ...headline(detail, report),
    ...loadTimes(report),
    ...formulas(report),
    ...loadCosts(report),
    ...unmeasured(report),
    ...environment(detail.run),
    '## Plan',
    table(planTable(detail.run)),
    ...again(detail.run),
  ]
  return `${sections.join('\n\n')}\n`
}

function headline(detail: RunDetail, report: Report): string[] {
  return [
    `# ${markdownText(report.answer?.sentence ?? 'No load was measured.')}`,
    ...(report.answer === null ? [] : [markdownText(report.answer.basis)]),
    ...(report.simulated ? ['> **SIM** Every figure here is simulated. None was measured.'] : []),
    table(runTable(detail)),
  ]
}

function loadTimes(report: Report): string[] {
  const times = loadTimeTable(report)
  if (times === null) return []
  const notes = loadTimeNotes(report).map(note => `- ${note}`)
  return ['## Load time', table(times), notes.join('\n')]
}

function formulas(report: Report): string[] {
  const rows = formulaTable(report)
  if (rows === null) return []
  const { serial, overlapped, basis, won } = formulaNotes
  const notes = [`Serial: \`${serial}\`  `, `Overlapped: \`${overlapped}\`  `, basis, won]
  return ['## The two formulas', notes.join('\n'), table(rows)]
}

function loadCosts(report: Report): string[] {
  const rows = loadCostTable(report)
  return rows === null ? [] : [`## ${loadCostTitle}`, loadCostNote, table(rows)]
}

function unmeasured(report: Report): string[] {
  const rows = unmeasuredTable(report)
  return rows === null ? [] : ['## Not measured', table(rows)]
}

function environment(run: Run): string[] {
  const tables = environmentTables(run)
  return ['## Environment', ...(tables.length === 0 ? [unprobedText] : tables.map(table))]
}

/** Indented, so that nothing in the command can end the block. */
function again({ plan }: Run): string[] {
  const { command, note } = againCommand(plan)
  return ['## Measure it again', `    ${command}`, note]
}
