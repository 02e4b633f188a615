import type { Command } from 'commander'
import { z } from 'zod'
import type { PublishedCell, PublishedSeries } from '../../contract/published.ts'
import { percentText, signedPercentText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { type Column, formatTable } from './table.ts'
import { bold, print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ profile: z.string().optional(), json: z.boolean().optional() })

export function addPublishedCommand(program: Command): void {
  program
    .command('published')
    .description('every published figure beside the simulated one, with the error')
    .option('--profile <name>', "one profile for every series, instead of each series' own")
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      const table = await withLab(given, lab =>
        callLab(lab.handlers, 'model', 'published', { profile: given.profile ?? null }),
      )
      print(
        given.json ? JSON.stringify(table.flatMap(jsonCells), null, 2) : table.map(seriesText).join('\n\n\n'),
      )
    })
}

/** The figures that a simulation can speak about. */
function jsonCells({ cells }: PublishedSeries) {
  return cells
    .filter(cell => cell.simulatedNs !== null)
    .map(({ series, scheme, bytes, condition, publishedNs, simulatedNs }) => ({
      series,
      scheme,
      bytes,
      condition,
      publishedNs,
      simulatedNs,
    }))
}

function seriesText(series: PublishedSeries): string {
  const { id, title, setup, profile, cells, remarks } = series
  return [
    `${bold(id)}  ${title}`,
    `Measured: ${setup}\nSimulated (SIM): ${profile}`,
    formatTable(columns, cells),
    summaryText(series),
    remarks.map(remark => `- ${remark}`).join('\n'),
  ].join('\n\n')
}

const columns: Column<PublishedCell>[] = [
  { title: 'scheme', align: 'left', text: cell => cell.scheme ?? `(${cell.publishedName})` },
  { title: 'size', align: 'right', text: cell => sizeText(cell.bytes) },
  { title: 'condition', align: 'left', text: cell => cell.condition },
  { title: 'published', align: 'right', text: cell => timeText(cell.publishedNs) },
  {
    title: 'SIM',
    align: 'right',
    text: cell => (cell.simulatedNs === null ? '-' : timeText(cell.simulatedNs)),
  },
  {
    title: 'error',
    align: 'right',
    text: cell => (cell.error === null ? '-' : signedPercentText(cell.error)),
  },
  { title: 'rank', align: 'right', text: cell => rankText(cell.publishedRank) },
  { title: 'SIM rank', align: 'right', text: cell => rankText(cell.simulatedRank) },
  { title: '', align: 'left', text: cell => cell.why },
]

function rankText(rank: number | null): string {
  return rank === null ? '-' : String(rank)
}

function summaryText({ meanError, worstError, pairs }: PublishedSeries): string {
  if (meanError === null || worstError === null) return 'No figure of this series can be simulated.'
  const kept = pairs.filter(pair => pair.kept).length
  return `Mean error ${percentText(meanError)}, worst ${percentText(worstError)}. ${kept} of ${pairs.length} pairs that differ by more than 6 % are in the published order.`
}
