import type { Command } from 'commander'
import { z } from 'zod'
import { fail } from '../../contract/error.ts'
import { hugePageSizes, type Plan, planSchema } from '../../contract/plan.ts'
import type { RunDetail } from '../../contract/run.ts'
import { type SchemeId, schemeIdSchema, schemeOf, tellingSchemes } from '../../contract/schemes.ts'
import { GiB } from '../../contract/size.ts'
import { type Capabilities, whyNot } from '../../contract/target.ts'
import { cellsOf } from '../../findings/cells.ts'
import { questionNotes } from '../../findings/question.ts'
import { repeatsToDecide } from '../../findings/statistics/mannWhitney.ts'
import { alpha } from '../../findings/statistics/rankSum.ts'
import { tuningAnswer, tuningOf } from '../../findings/tuning.ts'
import type { LabApplication } from '../lab/lab.ts'
import { callLab } from '../lab/serveCall.ts'
import { followRun } from './followRun.ts'
import { listed, parseCount, parseSizeOption, parseSizes } from './planOptions.ts'
import { printRun } from './printRun.ts'
import { note, print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'
import { type TriedLists, type TriedPages, triedSettings } from './triedSettings.ts'

const pagesWords = ['ordinary', 'huge', ...hugePageSizes] as const
const pagesSchema = z.array(z.enum(pagesWords, `pages are ${pagesWords.join(', ')}`))

const optionsSchema = commonOptions.extend({
  target: z.string(),
  scheme: schemeIdSchema.optional(),
  size: z.number(),
  gathers: z.array(z.number()).optional(),
  readers: z.array(z.number()).optional(),
  threads: z.array(z.number()).optional(),
  pages: pagesSchema.optional(),
  repeats: z.number().optional(),
  json: z.boolean().optional(),
})
type Options = z.infer<typeof optionsSchema>

export function addTuneCommand(program: Command): void {
  program
    .command('tune')
    .description(
      'try gathers, readers, populating threads and pages in one shuffled run, and say what to use',
    )
    .option('--target <target>', 'local, sim:<profile> or adb:<serial>', 'local')
    .option('--scheme <id>', 'a scheme with gathers; the first that can run there unless told')
    .option('--size <size>', 'file size', parseSizeOption, GiB)
    .option(
      '--gathers <list>',
      'gathers to try; the first of each list is what the rest is compared with',
      parseSizes,
    )
    .option('--readers <list>', 'numbers of reading threads (default: 1,2)', parseCounts)
    .option(
      '--threads <list>',
      'numbers of populating threads, where the target has them (default: 1,2)',
      parseCounts,
    )
    .option(
      '--pages <list>',
      `pages to try: ${pagesWords.join(', ')} (default: ordinary,huge, where the target has them)`,
      listed,
    )
    .option('--repeats <count>', 'timed loads of each setting (default: as many as can decide)', parseCount)
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      const given = optionsSchema.parse(command.optsWithGlobals())
      process.exitCode = await withLab(given, lab => tune(lab, given))
    })
}

async function tune(lab: LabApplication, given: Options): Promise<number> {
  const place = { target: given.target, directory: null }
  const plan = tuningPlan(await callLab(lab.handlers, 'targets', 'probe', place), given)
  for (const text of questionNotes(plan)) note(text)
  const started = await callLab(lab.handlers, 'runs', 'start', plan)
  return followRun(lab, started, given, async detail => {
    if (given.json) print(tuningJson(detail))
    else await printRun(lab, detail, 'text')
  })
}

const fewestRepeats = 5

function tuningPlan(capabilities: Capabilities, given: Options): Plan {
  const scheme = chooseScheme(capabilities, given.scheme)
  const tuning = triedSettings(capabilities, scheme, given.size, listsOf(given))
  const needed = Math.max(fewestRepeats, repeatsToDecide(alpha, Math.max(1, tuning.length - 1)))
  const plan = planSchema.safeParse({
    ...{ target: given.target, schemes: [scheme], sizesBytes: [given.size] },
    ...{ gatherBytes: tuning[0]?.gatherBytes ?? null, tuning },
    ...{ repeats: given.repeats ?? needed, ceiling: false },
  })
  if (plan.success) return plan.data
  return fail('bad-input', plan.error.issues.map(issue => issue.message).join('; '), 'See `tune --help`.')
}

function listsOf({ gathers, readers, threads, pages }: Options): TriedLists {
  return {
    ...(gathers === undefined ? {} : { gathers }),
    ...(readers === undefined ? {} : { readers }),
    ...(threads === undefined ? {} : { populators: threads }),
    ...(pages === undefined ? {} : { pages: pages.map(triedPages) }),
  }
}

function triedPages(word: (typeof pagesWords)[number]): TriedPages {
  if (word === 'ordinary') return { hugePages: false }
  return { hugePages: true, hugePageSize: word === 'huge' ? null : word }
}

/** What to use and why, with every setting as measured. Times in ns. */
function tuningJson({ run, samples }: RunDetail): string {
  const cells = cellsOf(samples)
  const tuning = tuningOf(run.plan, cells)
  const settings = (tuning?.rows ?? []).map(({ setting, cell, comparison, asGood }) => ({
    ...{ ...setting, ...cell.summary, comparison, asGood },
  }))
  const answer = tuningAnswer(run.plan, cells, samples, run.capabilities?.environment)
  const [scheme] = run.plan.schemes
  return JSON.stringify(
    { runId: run.id, scheme, ...answer, use: tuning?.best.setting ?? null, settings },
    null,
    2,
  )
}

function chooseScheme(capabilities: Capabilities, asked: SchemeId | undefined): SchemeId {
  const scheme = asked ?? tellingSchemes.find(id => whyNot(capabilities, id) === null)
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

function parseCounts(text: string): number[] {
  return listed(text).map(parseCount)
}
