import type { Command } from 'commander'
import { z } from 'zod'
import { fail } from '../../contract/error.ts'
import type { GatherSweep } from '../../contract/model.ts'
import { type Plan, planSchema } from '../../contract/plan.ts'
import { gatherSchemes, type SchemeId, schemeIdSchema, schemeOf } from '../../contract/schemes.ts'
import { GiB } from '../../contract/size.ts'
import { type Capabilities, whyNot } from '../../contract/target.ts'
import { cellsOf } from '../../findings/cells.ts'
import { sizeText, timeText } from '../../findings/words/figureText.ts'
import { flatRegion, sweptGathers } from '../../model/prediction.ts'
import type { LabApplication } from '../lab/lab.ts'
import { callLab } from '../lab/serveCall.ts'
import { endingOf } from './endingOf.ts'
import { parseCount, parseSizeOption, parseSizes } from './planOptions.ts'
import { formatTable } from './table.ts'
import { note, print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const optionsSchema = commonOptions.extend({
  target: z.string(),
  scheme: schemeIdSchema.optional(),
  size: z.number(),
  gathers: z.array(z.number()).optional(),
  repeats: z.number(),
  readers: z.number(),
  json: z.boolean().optional(),
})
type Options = z.infer<typeof optionsSchema>

/** Direct loads in gathers: the kernel's own first, then in the order of the catalogue. */
const tunable = gatherSchemes
  .filter(id => schemeOf(id).ioMode === 'direct')
  .toSorted((a, b) => Number(schemeOf(b).fill === 'ioctl') - Number(schemeOf(a).fill === 'ioctl'))
/** Every other size of a sweep is enough to find a flat region by measuring. */
const everyOther = 2

export function addTuneCommand(program: Command): void {
  program
    .command('tune')
    .description('measure gather sizes on a target, and say which are good; every size is kept as a run')
    .option('--target <target>', 'local, sim:<profile> or adb:<serial>', 'local')
    .option('--scheme <id>', 'a scheme with gathers; the first that can run there unless told')
    .option('--size <size>', 'file size', parseSizeOption, GiB)
    .option('--gathers <list>', 'gather sizes, separated by commas', parseSizes)
    .option('--repeats <count>', 'timed loads at each gather size', parseCount, 5)
    .option('--readers <count>', 'threads that read', parseCount, 1)
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      const given = optionsSchema.parse(command.optsWithGlobals())
      const { scheme, sweep } = await withLab(given, lab => tune(lab, given))
      print(given.json ? JSON.stringify({ scheme, ...sweep }, null, 2) : sweepText(scheme, given.size, sweep))
    })
}

async function tune(lab: LabApplication, given: Options): Promise<{ scheme: SchemeId; sweep: GatherSweep }> {
  const place = { target: given.target, directory: null }
  const scheme = chooseScheme(await callLab(lab.handlers, 'targets', 'probe', place), given.scheme)
  const swept = given.gathers ?? sweptGathers(given.size).filter((_, at) => at % everyOther === 0)
  const points: GatherSweep['points'] = []
  for (const gatherBytes of swept) {
    note(`gather ${sizeText(gatherBytes)}`)
    const plan = planSchema.parse({
      target: given.target,
      schemes: [scheme],
      sizesBytes: [given.size],
      repeats: given.repeats,
      readers: given.readers,
      gatherBytes,
      ceiling: false,
    })
    points.push({ gatherBytes, totalNs: await medianTotalNs(lab, plan) })
  }
  return { scheme, sweep: { points, ...flatRegion(points) } }
}

function chooseScheme(capabilities: Capabilities, asked: SchemeId | undefined): SchemeId {
  const scheme = asked ?? tunable.find(id => whyNot(capabilities, id) === null)
  if (scheme === undefined) {
    fail('unsupported', `${capabilities.target} can run no scheme with gathers`, 'Choose another target.')
  }
  if (schemeOf(scheme).overlap !== 'gather') {
    fail('bad-input', `${scheme} has no gathers`, 'Choose a scheme that overlaps gather by gather.')
  }
  const why = whyNot(capabilities, scheme)
  if (why !== null) {
    const hint = `See \`probe ${capabilities.target}\`.`
    fail('unsupported', `${scheme} cannot run on ${capabilities.target}: ${why}`, hint)
  }
  return scheme
}

async function medianTotalNs(lab: LabApplication, plan: Plan): Promise<number> {
  const { runId } = await callLab(lab.handlers, 'runs', 'start', plan)
  const { summary } = await endingOf(lab, runId)
  if (summary.status === 'cancelled')
    fail('cancelled', `run ${runId} was cancelled`, 'The gathers measured before it are kept; see `runs`.')
  const { samples } = await callLab(lab.handlers, 'runs', 'get', { runId })
  const cell = cellsOf(samples)[0]
  if (cell !== undefined) return Math.round(cell.summary.median)
  const reason = samples[0]?.reason || summary.reason
  return fail('agent-failed', `run ${runId} has no good sample: ${reason}`, 'See `show` for the run.')
}

function sweepText(scheme: SchemeId, bytes: number, sweep: GatherSweep): string {
  const { points, bestBytes, bestNs, flatFromBytes, flatToBytes } = sweep
  return [
    `${scheme} at ${sizeText(bytes)}: the best gather is ${sizeText(bestBytes)} with ${timeText(bestNs)}; within 2 % of it from ${sizeText(flatFromBytes)} to ${sizeText(flatToBytes)}.`,
    formatTable(
      [
        { title: 'gather', align: 'right', text: point => sizeText(point.gatherBytes) },
        { title: 'median total', align: 'right', text: point => timeText(point.totalNs) },
      ],
      points,
    ),
  ].join('\n\n')
}
