import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import {
  type CellSummary,
  type ComparisonRow,
  comparisonFormatSchema,
  comparisonFormats,
  type RunComparison,
  type Side,
  type SidesComparison,
  type SidesRow,
} from '../../contract/comparison.ts'
import { schemeIds } from '../../contract/schemes.ts'
import { ratioNote, ratioText } from '../../findings/comparisonText.ts'
import { sizeText, timeText } from '../../findings/words/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { writeOutputFile } from './outputFile.ts'
import { parseRunId } from './runIdArgument.ts'
import { type Column, formatTable } from './table.ts'
import { note, print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({
  json: z.boolean().optional(),
  format: comparisonFormatSchema.optional(),
  output: z.string().optional(),
})

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('judge runs, schemes of a run or devices against the first of them, size by size')
    .argument('<baseline>', 'what to compare with: 3, 3:memfd-direct or device:adb:R5CT1', parseSide)
    .argument('<candidates...>', 'what to judge, likewise', parseSides)
    .option('--json', 'print JSON')
    .addOption(
      new Option('--format <format>', 'write it in another format: html is a report in one file').choices(
        comparisonFormats,
      ),
    )
    .option('-o, --output <file>', 'write the format to this file instead of stdout')
    .action(async (first: Side, others: Side[], _options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      if (given.format !== undefined || given.output !== undefined)
        return writeSides([first, ...others], given)
      const runs = twoRuns(first, others)
      if (runs === null) return printSides([first, ...others], given)
      const [baseline, candidate] = runs
      const comparison = await withLab(given, lab =>
        callLab(lab.handlers, 'runs', 'compare', { baseline, candidate }),
      )
      print(given.json ? JSON.stringify(comparison, null, 2) : comparisonText(comparison))
    })
}

type Given = z.infer<typeof options>

/** The two whole runs that are compared; `null` where it is anything else. */
function twoRuns(first: Side, [second, ...more]: readonly Side[]): [number, number] | null {
  const isRun = (side: Side | undefined) => side !== undefined && 'runId' in side && side.scheme === null
  if (more.length > 0 || !isRun(first) || !isRun(second)) return null
  return 'runId' in first && second !== undefined && 'runId' in second ? [first.runId, second.runId] : null
}

/** `3`, `3:memfd-direct`, `device:adb:R5CT1`. */
function parseSide(text: string): Side {
  const scheme = schemeIds.find(each => text.endsWith(`:${each}`)) ?? null
  const what = scheme === null ? text : text.slice(0, -scheme.length - 1)
  if (!what.startsWith('device:')) {
    if (/^\d+:/.test(what)) throw new InvalidArgumentError(`"${what.replace(/^\d+:/, '')}" is no scheme.`)
    return { runId: parseRunId(what), scheme }
  }
  const device = what.slice('device:'.length)
  if (device === '') throw new InvalidArgumentError('Name a device, such as device:local.')
  return { device, scheme }
}

function parseSides(text: string, before: readonly Side[] = []): Side[] {
  return [...before, parseSide(text)]
}

async function writeSides(sides: Side[], { format = 'text', output, ...common }: Given): Promise<void> {
  const { text } = await withLab(common, lab =>
    callLab(lab.handlers, 'runs', 'exportSides', { sides, format }),
  )
  if (output === undefined) return print(text.trimEnd())
  writeOutputFile(output, text)
  note(`the comparison is written to ${output}`)
}

async function printSides(sides: Side[], given: Given): Promise<void> {
  const comparison = await withLab(given, lab =>
    callLab(lab.handlers, 'runs', 'compareSides', { asker: 'terminal', sides }),
  )
  print(given.json ? JSON.stringify(comparison, null, 2) : sidesText(comparison))
}

function sidesText(comparison: SidesComparison): string {
  const { sides, rows, warnings, differences, comparisons } = comparison
  const differing: Column<SidesComparison['differences'][number]>[] = [
    { title: 'differs', align: 'left', text: row => row.what },
    ...sides.map((side, place) => ({
      title: side.title,
      align: 'left' as const,
      text: (row: SidesComparison['differences'][number]) => row.values[place] ?? '',
    })),
  ]
  const blocks = [
    warnings.join('\n'),
    differences.length === 0 ? '' : formatTable(differing, differences),
    rows.length === 0 ? 'None of them has a figure to compare.' : formatTable(sidesColumns(comparison), rows),
    comparisons === 0 ? '' : ratioNote,
  ]
  return blocks.filter(block => block !== '').join('\n\n')
}

function sidesColumns({ sides, rows }: SidesComparison): Column<SidesRow>[] {
  const named = rows.some(row => row.scheme !== null)
  return [
    ...(named
      ? [{ title: 'scheme', align: 'left' as const, text: (row: SidesRow) => row.scheme ?? '' }]
      : []),
    { title: 'size', align: 'right', text: row => sizeText(row.bytes) },
    ...sides.flatMap((side, place): Column<SidesRow>[] => [
      { title: side.title, align: 'right', text: row => medianText(row.cells[place] ?? null) },
      ...(place === 0 ? [] : [ratioColumn(place), verdictColumn(place)]),
    ]),
  ]
}

function ratioColumn(place: number): Column<SidesRow> {
  const text = ({ ratios }: SidesRow) => (ratios[place] == null ? '-' : ratioText(ratios[place]))
  return { title: 'time ratio', align: 'right', text }
}

function verdictColumn(place: number): Column<SidesRow> {
  return { title: 'verdict', align: 'left', text: row => row.ratios[place]?.verdict ?? '-' }
}

function comparisonText(comparison: RunComparison): string {
  const { rows, warnings, differences, comparisons } = comparison
  const blocks = [
    warnings.join('\n'),
    differences.map(({ what, baseline, candidate }) => `${what}: ${baseline} -> ${candidate}`).join('\n'),
    rows.length === 0 ? 'Neither run has a figure to compare.' : formatTable(columnsOf(comparison), rows),
    comparisons === 0 ? '' : ratioNote,
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
