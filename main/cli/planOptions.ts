import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { fail, LabFailure } from '../../contract/error.ts'
import {
  type HugePageSize,
  hugePageSizeSchema,
  hugePageSizes,
  madeStateSchema,
  madeStates,
  newPlanSchema,
  type Plan,
  type PlanInput,
  planSchema,
  type Question,
  seriesGatherBytes,
} from '../../contract/plan.ts'
import { type SchemeId, schemeIdSchema, schemeIds } from '../../contract/schemes.ts'
import { formatSize, parseSize } from '../../contract/size.ts'
import { didYouMean } from '../../findings/words/didYouMean.ts'

/** The options of `run` that make up its plan, as commander leaves them. */
const planOptionsSchema = z.object({
  target: z.string(),
  schemes: z.array(z.enum(schemeIds)),
  sizes: z.array(z.number()).default([]),
  repeats: z.number().optional(),
  warmups: z.number().optional(),
  gather: z.number().optional(),
  readers: z.number().optional(),
  seed: z.number().optional(),
  verify: z.boolean(),
  file: z.string().optional(),
  fileState: madeStateSchema.optional(),
  dir: z.string().optional(),
  pressure: z.number().optional(),
  heap: z.string().optional(),
  cool: z.number().optional(),
  ceiling: z.boolean(),
  cpus: z.string().optional(),
  clock: z.number().optional(),
  hugePages: z.union([z.boolean(), hugePageSizeSchema]).optional(),
  question: z.tuple([schemeIdSchema, schemeIdSchema]).optional(),
})

export const gatherHelp = `pages allocated before their read is queued, at most the largest file (default: an eighth of it, 1MiB to ${formatSize(seriesGatherBytes)})`

const plainPlan = planSchema.parse({ target: 'local', schemes: ['normal'], sizesBytes: [1] })

/** The contract's default, as commander writes its own. */
function told(option: 'repeats' | 'warmups' | 'readers' | 'heap' | 'seed'): string {
  return `(default: ${plainPlan[option]})`
}

export function schemesOption(): Option {
  return new Option('--schemes <list>', 'schemes, separated by commas, or all')
    .argParser(parseSchemes)
    .default([...schemeIds], 'all')
}

/** Adds the options of a plan to a command; what is left out has the contract's default. */
export function addPlanOptions(command: Command): Command {
  return command
    .option('--target <target>', 'local, sim:<profile> or adb:<serial>', 'local')
    .addOption(schemesOption())
    .option('--sizes <list>', 'file sizes, separated by commas: 512KiB,8MiB,1GiB', parseSizes)
    .option('--repeats <count>', `timed loads of each scheme at each size ${told('repeats')}`, parseCount)
    .option('--warmups <count>', `loads before them that do not count ${told('warmups')}`, parseCount)
    .option('--gather <size>', gatherHelp, parseSizeOption)
    .option('--readers <count>', `threads that read ${told('readers')}`, parseCount)
    .option('--file <path>', 'a file of your own on the target, instead of generated content')
    .addOption(
      new Option('--file-state <state>', 'state of the generated file, where its file system has it').choices(
        madeStates,
      ),
    )
    .option('--dir <path>', 'folder on the target for generated files')
    .option('--pressure <size>', 'memory that is touched throughout', parseSizeOption)
    .option('--heap <name>', `heap under /dev/dma_heap ${told('heap')}`)
    .option('--seed <number>', `seed of the order and of the content ${told('seed')}`, parseCount)
    .option('--cool <celsius>', 'wait before a sample until every thermal zone is below', parseCelsius)
    .option('--cpus <list>', 'processors that a load is bound to: 0-3,6 (default: all)')
    .option('--clock <MHz>', 'cap of their clock while a load runs (as root; default: none)', parseClock)
    .addOption(
      new Option(
        '--huge-pages [size]',
        'ask for huge pages: the largest transparent ones, those of one size, or hugetlb',
      ).choices(hugePageSizes),
    )
    .option(
      '--question <pair>',
      'candidate,baseline: what the run is asked first, at its largest size (default: the first overlapped scheme against its twin)',
      parseQuestion,
    )
    .option('--no-verify', 'do not check the loaded bytes')
    .option('--no-ceiling', 'do not measure the ceiling before the run')
}

/** @throws LabFailure `bad-input` naming every value that is wrong. */
export function planFrom(options: unknown): Plan {
  const given = planOptionsSchema.parse(options)
  const plan = newPlanSchema.safeParse({
    target: given.target,
    schemes: given.schemes,
    sizesBytes: given.sizes,
    repeats: given.repeats,
    warmups: given.warmups,
    gatherBytes: given.gather,
    readers: given.readers,
    seed: given.seed,
    verify: given.verify,
    file: pathOn(given.target, given.file),
    fileState: given.fileState,
    directory: pathOn(given.target, given.dir),
    heap: given.heap,
    pressureBytes: given.pressure,
    coolBelowMilliCelsius: given.cool,
    ceiling: given.ceiling,
    processors: given.cpus,
    clockKhz: given.clock,
    ...hugePagesFrom(given.hugePages),
    question: questionFrom(given.question, given.sizes),
  })
  return plan.success ? plan.data : fail('bad-input', problemsOf(plan.error), 'See `run --help`.')
}

function hugePagesFrom(asked: boolean | HugePageSize | undefined): Partial<PlanInput> {
  if (asked === undefined || typeof asked === 'boolean') return { hugePages: asked }
  return { hugePages: true, hugePageSize: asked }
}

function questionFrom(
  pair: readonly [candidate: SchemeId, baseline: SchemeId] | undefined,
  sizes: readonly number[],
): Question | undefined {
  if (pair === undefined) return undefined
  const [candidate, baseline] = pair
  return { candidate, baseline, bytes: sizes.length === 0 ? null : Math.max(...sizes) }
}

/** A run is kept and may be resumed from another folder: on this machine its paths are whole. */
function pathOn(target: string, path: string | undefined): string | undefined {
  return target === 'local' && path !== undefined && path !== '' ? resolve(path) : path
}

function problemsOf(error: z.ZodError): string {
  return error.issues.map(issue => `${flagOf(String(issue.path[0]))}: ${issue.message}`).join('; ')
}

/** Options whose name is not that of the plan's field. */
const flags = new Map([
  ['fileState', '--file-state'],
  ['sizesBytes', '--sizes'],
  ['gatherBytes', '--gather'],
  ['directory', '--dir'],
  ['pressureBytes', '--pressure'],
  ['coolBelowMilliCelsius', '--cool'],
  ['processors', '--cpus'],
  ['clockKhz', '--clock'],
])

function flagOf(field: string): string {
  return flags.get(field) ?? `--${field}`
}

export function parseSchemes(text: string): SchemeId[] {
  if (text === 'all') return [...schemeIds]
  return listed(text).map(parseScheme)
}

export function parseScheme(name: string): SchemeId {
  const scheme = schemeIds.find(id => id === name)
  if (scheme !== undefined) return scheme
  const meant = didYouMean(name, schemeIds) || `There are: ${schemeIds.join(', ')}.`
  throw new InvalidArgumentError(`There is no scheme "${name}". ${meant}`)
}

export function parseQuestion(text: string): SchemeId[] {
  const pair = parseSchemes(text)
  if (pair.length !== 2) throw new InvalidArgumentError('It is two schemes: candidate,baseline.')
  return pair
}

export function parseSizes(text: string): number[] {
  const items = listed(text)
  refuseDecimalComma(items)
  return items.map(parseSizeOption)
}

/** A short number right before a size with a unit is half of `1,5MiB` far more often than a file of one byte. */
function refuseDecimalComma(items: readonly string[]): void {
  for (const [place, item] of items.entries()) {
    const next = items[place + 1] ?? ''
    if (!/^\d{1,3}$/.test(item) || !/^\d+\s*[a-z]+$/i.test(next)) continue
    throw new InvalidArgumentError(
      `A comma separates sizes. Write ${item}.${next} for one size, or ${item}B,${next} for two.`,
    )
  }
}

export function parseSizeOption(text: string): number {
  try {
    return parseSize(text)
  } catch (thrown) {
    if (thrown instanceof LabFailure) throw new InvalidArgumentError(`${thrown.message}. ${thrown.hint}`)
    throw thrown
  }
}

export function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It is a whole number.')
  return Number(text)
}

function parseCelsius(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It is a temperature in degrees Celsius.')
  return Math.round(Number(text) * 1000)
}

function parseClock(text: string): number {
  if (!/^\d{1,6}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It is a clock in MHz.')
  return Math.round(Number(text) * 1000)
}

export function listed(text: string): string[] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
}
