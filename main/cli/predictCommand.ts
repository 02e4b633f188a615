import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import type { GatherSweep, Prediction } from '../../contract/model.ts'
import { presetSizesBytes } from '../../contract/plan.ts'
import { type SchemeId, schemeIdSchema, schemeIds, schemeOf } from '../../contract/schemes.ts'
import { formatSize } from '../../contract/size.ts'
import { columnTitles } from '../../findings/words/columnTitles.ts'
import { percentText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { exitCodes } from './exitCode.ts'
import { gatherHelp, parseCount, parseSizeOption, parseSizes, schemesOption } from './planOptions.ts'
import { type Column, formatTable } from './table.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const optionsSchema = commonOptions.extend({
  profile: z.string(),
  schemes: z.array(schemeIdSchema),
  sizes: z.array(z.number()),
  gather: z.number().optional(),
  readers: z.number(),
  pressure: z.number(),
  set: z.record(z.string(), z.number()),
  json: z.boolean().optional(),
})

/** What a profile says, and the best gather of each scheme that has gathers, by the scheme's id. */
type Answer = { readonly predictions: Prediction[]; readonly gathers: Partial<Record<SchemeId, GatherSweep>> }

export function addPredictCommand(program: Command): void {
  program
    .command('predict')
    .description('what a profile says of schemes and sizes, without measuring (SIM)')
    .requiredOption('--profile <name>', 'the profile; `targets` lists them')
    .addOption(schemesOption())
    .addOption(
      new Option('--sizes <list>', 'file sizes, separated by commas')
        .argParser(parseSizes)
        .default([...presetSizesBytes], presetSizesBytes.map(formatSize).join()),
    )
    .option('--gather <size>', gatherHelp, parseSizeOption)
    .option('--readers <count>', 'threads that read', parseCount, 1)
    .addOption(
      new Option('--pressure <size>', 'memory that is touched throughout')
        .argParser(parseSizeOption)
        .default(0, 'none'),
    )
    .addOption(
      new Option('--set <parameter=value>', 'what if: another value of a parameter; may be repeated')
        .argParser(parseSetting)
        .default({}, 'the values of the profile'),
    )
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      const given = optionsSchema.parse(command.optsWithGlobals())
      const answer = await ask(given)
      print(given.json ? JSON.stringify(answer, null, 2) : answerText(answer))
      if (largestPredicted(answer.predictions) === null) process.exitCode = exitCodes.failed
    })
}

function ask(given: z.infer<typeof optionsSchema>): Promise<Answer> {
  const { profile, schemes, sizes, gather, readers, pressure, set } = given
  const common = { profile, whatIf: set, readers, pressureBytes: pressure }
  return withLab(given, async lab => {
    const predictions = await callLab(lab.handlers, 'model', 'predict', {
      ...common,
      schemes,
      sizesBytes: sizes,
      gatherBytes: gather ?? null,
    })
    const gathers: Partial<Record<SchemeId, GatherSweep>> = {}
    const bytes = largestPredicted(predictions)
    for (const scheme of schemes.filter(id => schemeOf(id).overlap === 'gather')) {
      if (bytes === null) break
      gathers[scheme] = await callLab(lab.handlers, 'model', 'sweepGather', { ...common, scheme, bytes })
    }
    return { predictions, gathers }
  })
}

/** The largest size that some scheme can load, or `null`. */
function largestPredicted(predictions: readonly Prediction[]): number | null {
  const sizes = predictions.filter(({ totalNs }) => totalNs !== null).map(({ bytes }) => bytes)
  return sizes.length === 0 ? null : Math.max(...sizes)
}

function answerText({ predictions, gathers }: Answer): string {
  const bytes = largestPredicted(predictions) ?? 0
  const best = schemeIds.flatMap(scheme => {
    const sweep = gathers[scheme]
    return sweep === undefined ? [] : [{ scheme, ...sweep }]
  })
  const gatherColumns: Column<(typeof best)[number]>[] = [
    { title: 'scheme', align: 'left', text: row => row.scheme },
    { title: 'best gather', align: 'right', text: row => sizeText(row.bestBytes) },
    { title: 'total', align: 'right', text: row => timeText(row.bestNs) },
    { title: 'within 2 % from', align: 'right', text: row => sizeText(row.flatFromBytes) },
    { title: 'to', align: 'right', text: row => sizeText(row.flatToBytes) },
  ]
  const blocks = ['Simulated (SIM), without noise.', formatTable(columns, predictions)]
  if (best.length > 0) blocks.push(`Gather sizes at ${sizeText(bytes)}:`, formatTable(gatherColumns, best))
  return blocks.join('\n\n')
}

const columns: Column<Prediction>[] = [
  { title: 'scheme', align: 'left', text: row => row.scheme },
  { title: 'size', align: 'right', text: row => sizeText(row.bytes) },
  { title: columnTitles.total, align: 'right', text: row => nsText(row.totalNs) },
  { title: columnTitles.serialSum, align: 'right', text: row => nsText(row.serialSumNs) },
  { title: columnTitles.overlappedBound, align: 'right', text: row => nsText(row.overlappedBoundNs) },
  {
    title: columnTitles.overlapWon,
    align: 'right',
    text: row => (row.overlapWon === null ? '-' : percentText(row.overlapWon)),
  },
  { title: 'by overlap', align: 'right', text: row => nsText(row.overlapGainNs) },
  { title: 'by batching', align: 'right', text: row => nsText(row.batchingGainNs) },
  { title: '', align: 'left', text: row => row.reason },
]

function nsText(ns: number | null): string {
  return ns === null ? '-' : timeText(ns)
}

function parseSetting(text: string, before: Record<string, number>): Record<string, number> {
  const match = /^([A-Za-z]+)=(\S+)$/.exec(text)
  const value = Number(match?.[2])
  if (match?.[1] === undefined || !Number.isFinite(value)) {
    throw new InvalidArgumentError('Write it as parameter=number, like storageLatencyNs=90000.')
  }
  return { ...before, [match[1]]: value }
}
