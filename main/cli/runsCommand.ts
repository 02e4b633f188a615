import { type Command, Option } from 'commander'
import { z } from 'zod'
import { fail } from '../../contract/error.ts'
import {
  type LedgerRow,
  type LedgerRows,
  type LedgerSort,
  ledgerColumns,
  mostRowsAtOnce,
} from '../../contract/ledger.ts'
import { type SchemeId, schemeIds } from '../../contract/schemes.ts'
import { formatSize } from '../../contract/size.ts'
import { parseLedgerFilter } from '../../findings/ledgerFilter.ts'
import { savedRangeText, savedText, shortBaselineText, verdictText } from '../../findings/ledgerText.ts'
import { clockText, percentText } from '../../findings/words/figureText.ts'
import type { LabApplication } from '../lab/lab.ts'
import { callLab } from '../lab/serveCall.ts'
import { type Column, formatTable } from './table.ts'
import { note, print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({
  json: z.boolean().optional(),
  sort: z.enum(ledgerColumns),
  ascending: z.boolean().optional(),
  count: z.coerce.number('a whole number').int('a whole number').positive('above zero').optional(),
})

const filterHelp = `
A filter has words, which any field may hold, and key:value terms; "-" stands before what must not be:
  lab runs memfd kernel:6.1 tag:nightly -is:simulated date:2026-11
Keys: run, device, kernel, scheme, tag, name, note, status, size, date (2026-11, >=2026-11-28), and
is (baseline, faster, imported, measured, named, noted, simulated, slower, tagged). A "*" at the end of a value
stands for the rest. The same words filter the Runs view.`

export function addRunsCommand(program: Command): void {
  program
    .command('runs')
    .description('list the runs, newest first, with what each of them says')
    .argument('[filter...]', 'which of them, such as: tag:nightly kernel:6.1')
    .addOption(new Option('--sort <column>', 'by what').choices(ledgerColumns).default('id'))
    .option('--ascending', 'the least first')
    .option('--count <n>', 'so many of them')
    .option('--json', 'print JSON')
    .addHelpText('after', filterHelp)
    .action(async (words: string[], _options: unknown, command: Command) => {
      const { json, sort, ascending, count, ...common } = options.parse(command.optsWithGlobals())
      const filter = words.map(quotedWord).join(' ')
      refuseProblems(filter)
      const order = { column: sort, descending: ascending !== true }
      await withLab(common, async lab => {
        const { rows, matching, total } = await rowsOf(lab, filter, order, count)
        print(json ? JSON.stringify(rows, null, 2) : runsText(rows, total))
        if (!json && rows.length < matching) note(`${rows.length} of ${matching} runs; see --count`)
      })
    })
}

/** The shell has taken a value's quotes away. */
function quotedWord(word: string): string {
  const [, key, value] = /^(-?[a-z]+:)([^"]*\s[^"]*)$/s.exec(word) ?? []
  return key === undefined ? word : `${key}"${value}"`
}

function refuseProblems(filter: string): void {
  const { problems } = parseLedgerFilter(filter)
  if (problems.length > 0)
    fail('bad-input', problems.join('; '), 'See `runs --help` for what a filter can be.')
}

/** What is not known of them yet is worked out first, where it is of a few. */
const mostWorkedOut = 200

async function rowsOf(
  lab: LabApplication,
  filter: string,
  sort: LedgerSort,
  count = Number.POSITIVE_INFINITY,
): Promise<LedgerRows> {
  const read = (from: number) =>
    callLab(lab.handlers, 'ledger', 'rows', {
      ...{ filter, sort, from },
      count: Math.min(mostRowsAtOnce, count - from),
    })
  const first = await read(0)
  const unknown = first.rows
    .filter(row => row.status !== 'running' && (!row.isKnown || (row.change === null && !row.isBaseline)))
    .slice(0, mostWorkedOut)
  await callLab(lab.handlers, 'ledger', 'settle', { runIds: unknown.map(row => row.id) })
  const found = unknown.length === 0 ? first : await read(0)
  const rows = [...found.rows]
  while (rows.length < Math.min(found.matching, count)) {
    const more = await read(rows.length)
    if (more.rows.length === 0) break
    rows.push(...more.rows)
  }
  return { ...found, rows }
}

function runsText(rows: readonly LedgerRow[], total: number): string {
  if (total === 0) return 'No runs yet. Start one: run --sizes 8MiB --schemes memfd-direct'
  if (rows.length === 0) return 'No run is as the filter says.'
  return formatTable(
    columns.filter(column => !column.spare || rows.some(row => column.text(row) !== '')),
    rows,
  )
}

/** A column that is `spare` is left out where no row has anything in it. */
const columns: ReadonlyArray<Column<LedgerRow> & { readonly spare?: boolean }> = [
  { title: 'run', align: 'right', text: row => String(row.id) },
  { title: 'started', align: 'left', text: row => clockText(row.createdAt) },
  { title: 'status', align: 'left', text: row => (row.damaged ? 'damaged' : row.status) },
  { title: 'target', align: 'left', text: targetText },
  { title: 'name', align: 'left', text: row => row.name, spare: true },
  { title: 'tags', align: 'left', text: row => row.tags.join(','), spare: true },
  { title: 'samples', align: 'right', text: row => `${row.samplesDone}/${row.samplesPlanned}` },
  { title: 'failed', align: 'right', text: row => String(row.samplesFailed) },
  { title: 'sizes', align: 'left', text: row => row.sizesBytes.map(formatSize).join(',') },
  { title: 'fastest', align: 'left', text: row => row.answer?.fastest ?? '-', spare: true },
  { title: 'saved', align: 'left', text: savedColumn, spare: true },
  {
    title: 'ceiling',
    align: 'right',
    text: ({ answer }) => (answer?.ofCeiling == null ? '' : percentText(answer.ofCeiling)),
    spare: true,
  },
  { title: 'against baseline', align: 'left', text: changeText, spare: true },
  { title: 'schemes', align: 'left', text: row => schemesText(row.schemes) },
]

function savedColumn({ answer }: LedgerRow): string {
  if (answer === null || answer.saved === null) return ''
  const range = savedRangeText(answer)
  return range === '' ? savedText(answer) : `${savedText(answer)} (${range})`
}

function changeText({ isBaseline, change }: LedgerRow): string {
  if (isBaseline) return 'baseline'
  return change === null ? '' : `${shortBaselineText(change)} ${verdictText(change)}`.trimEnd()
}

function targetText({ target, simulated, imported }: LedgerRow): string {
  return `${target}${simulated ? ' (simulated)' : ''}${imported ? ' (imported)' : ''}`
}

/** As many as fit beside the rest; `show` and JSON have them all. */
const mostNamed = 3

function schemesText(schemes: readonly SchemeId[]): string {
  if (schemes.length === schemeIds.length) return 'all'
  if (schemes.length <= mostNamed) return schemes.join(',')
  return `${schemes.slice(0, mostNamed - 1).join(',')} and ${schemes.length - mostNamed + 1} more`
}
