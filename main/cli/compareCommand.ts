import type { Command } from 'commander'
import { z } from 'zod'
import type { CellSummary, ComparisonRow, RunComparison } from '../../contract/comparison.ts'
import { ratioNote, ratioText } from '../../findings/comparisonText.ts'
import { sizeText, timeText } from '../../findings/words/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { parseRunId } from './runIdArgument.ts'
import { type Column, formatTable } from './table.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ json: z.boolean().optional() })

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('judge one run against another, scheme by scheme and size by size')
    .argument('<baseline>', 'the run to compare with', parseRunId)
    .argument('<candidate>', 'the run to judge', parseRunId)
    .option('--json', 'print JSON')
    .action(async (baseline: number, candidate: number, _options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      const comparison = await withLab(given, lab =>
        callLab(lab.handlers, 'runs', 'compare', { baseline, candidate }),
      )
      print(given.json ? JSON.stringify(comparison, null, 2) : comparisonText(comparison))
    })
}

function comparisonText(comparison: RunComparison): string {
  const { rows, warnings, differences, comparisons } = comparison
  const blocks = [
    warnings.join('\n'),
    rows.length === 0 ? 'Neither run has a figure to compare.' : formatTable(columnsOf(comparison), rows),
    comparisons === 0 ? '' : ratioNote,
    differences.map(({ what, baseline, candidate }) => `${what}: ${baseline} -> ${candidate}`).join('\n'),
  ]
  return blocks.filter(block => block !== '').join('\n\n')
}

function columnsOf({ baseline, candidate }: RunComparison): Column<ComparisonRow>[] {
  return [
    { title: 'scheme', align: 'left', text: row => row.scheme },
    { title: 'size', align: 'right', text: row => sizeText(row.bytes) },
    { title: `run ${baseline}`, align: 'right', text: row => medianText(row.baseline) },
    { title: `run ${candidate}`, align: 'right', text: row => medianText(row.candidate) },
    {
      title: 'time ratio',
      align: 'right',
      text: row => (row.ratio === null ? '-' : ratioText(row.ratio)),
    },
    { title: 'verdict', align: 'left', text: row => row.ratio?.verdict ?? '-' },
  ]
}

function medianText(cell: CellSummary | null): string {
  return cell === null ? '-' : timeText(cell.medianNs)
}
