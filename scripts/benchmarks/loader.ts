import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { SchemeId } from '../../contract/schemes.ts'
import { GiB, MiB } from '../../contract/size.ts'
import { summarize } from '../../findings/statistics/summary.ts'
import { agent, benchFolder, prepareFile, root } from './agent.ts'
import { loaderBesideWrapfd } from './loaderBesideWrapfd.ts'
import { measureRun } from './local.ts'
import type { BenchResult } from './result.ts'
import { smallPagesHere } from './smallPageCosts.ts'

const bytes = 1 * GiB
/** Small, so that what is said of one gather is a small part of the load. */
const gatherBytes = 64 * MiB
const rounds = 9
const setting = '1 GiB cold direct, gather 64 MiB, 4 KiB pages'

/** The loader's own claims on this machine, and beside wrapfd on the virtual device. */
export async function run(): Promise<BenchResult[]> {
  return [
    ...(await onThisMachine()),
    ...smallPagesHere(),
    ...overlapAtOneGiB(),
    ...(await loaderBesideWrapfd()),
  ]
}

const ceilingSchema = z.looseObject({
  type: z.literal('ceiling'),
  blockBytes: z.number().positive(),
  depth: z.number().positive(),
})

const times = z.number().positive()
const roundSchema = z.looseObject({
  ...{ oneNs: times, twoNs: times, oneCpuNs: times, twoCpuNs: times },
  ...{ firstReadyNs: times, gatherAloneNs: times },
  ...{ refillNs: times, refillCpuNs: times, ceilingNs: times, ceilingIntoBufferNs: times },
  ...{ refillHugeNs: times, ceilingIntoHugeNs: times, hugeBytes: z.number() },
  ...{ oneMemfdOneThreadNs: times, oneMemfdTwoThreadsNs: times },
  ...{ listOneThreadNs: times, listTwoThreadsNs: times },
})
type Round = z.infer<typeof roundSchema>

/** Every round does all of it, each time from another step on; ratios are of one round, and their median is told. */
async function onThisMachine(): Promise<BenchResult[]> {
  const path = await prepareFile(bytes, 1)
  const found = await agent(ceilingSchema, ['ceiling', '--path', path, '--bytes', `${bytes}`])
  const words = [path, bytes, gatherBytes, rounds, found.blockBytes, found.depth].map(String)
  const output = execFileSync(compiled(), words, { encoding: 'utf8' })
  const measured = output
    .trimEnd()
    .split('\n')
    .map(line => roundSchema.parse(JSON.parse(line)))
  return figuresOf(measured)
}

/** Of the agent: the ceiling's reads, and huge pages lent for as long as a buffer is made. */
const agentSources = [
  'load/deep_read',
  'protocol/watch_stdin',
  'protocol/failure',
  'protocol/json',
  ...['kernel_settings', 'own_program', 'procfs', 'settings_keeper', 'sysfs'].map(name => `system/${name}`),
]

function compiled(): string {
  const program = join(benchFolder(), 'loader-times')
  const device = join(root, 'device')
  const library = readdirSync(join(device, 'loader')).filter(name => name.endsWith('.c'))
  const sources = [
    join(import.meta.dirname, 'loaderTimes.c'),
    ...agentSources.map(name => join(device, 'agent', `${name}.c`)),
    ...library.map(name => join(device, 'loader', name)),
  ]
  const flags = ['-std=c11', '-O2', '-Wall', '-Werror', '-pthread', '-I', device, '-I', join(device, 'agent')]
  execFileSync('gcc', [...flags, '-o', program, ...sources])
  return program
}

function figuresOf(measured: readonly Round[]): BenchResult[] {
  const ratio = (what: string, of: (round: Round) => number, limit?: BenchResult['limit']): BenchResult => {
    const found = summarize(measured.map(of))
    const interval = found === null ? '' : `, ${found.low.toFixed(2)} to ${found.high.toFixed(2)}`
    const name = `${setting}: ${what}, median of ${measured.length} rounds${interval}`
    return { name, value: found?.median ?? Number.NaN, unit: 'x', ...(limit === undefined ? {} : { limit }) }
  }
  const cost = (what: string, of: (round: Round) => number): BenchResult => ({
    ...ratio(what, round => of(round) / 1e6),
    unit: 'ms',
  })
  return [
    ratio(
      'populating alone, a memfd per gather: one thread / two threads',
      round => round.listOneThreadNs / round.listTwoThreadsNs,
      { atLeast: 1.4 },
    ),
    ratio(
      'populating alone, one memfd: one thread / two threads',
      round => round.oneMemfdOneThreadNs / round.oneMemfdTwoThreadsNs,
    ),
    ...refillFigures(measured, ratio),
    ratio('two ranges into two buffers / one into one', round => round.twoNs / round.oneNs, { atMost: 1.03 }),
    ratio(
      'two ranges into two buffers / one into one: processor time',
      round => round.twoCpuNs / round.oneCpuNs,
    ),
    // No bound: alone, it shares processors and storage with no later gather. The bound is on the same load's parts.
    ratio(
      'the first gather is ready / the same gather loaded alone',
      round => round.firstReadyNs / round.gatherAloneNs,
    ),
    cost('a load', round => round.oneNs),
    cost('populating alone, one memfd, one thread', round => round.oneMemfdOneThreadNs),
    cost('processor time of a refill: pinning and sending off', round => round.refillCpuNs),
    cost('the ceiling', round => round.ceilingNs),
    cost('the ceiling’s reads into the buffer', round => round.ceilingIntoBufferNs),
  ]
}

type RatioOf = (what: string, of: (round: Round) => number, limit?: BenchResult['limit']) => BenchResult

/**
 * The ceiling reads the same few MiB of memory full again and again; a refill fills each page of its buffer once. What
 * that costs is shown by the ceiling's own reads, each to its place in the buffer.
 */
function refillFigures(measured: readonly Round[], ratio: RatioOf): BenchResult[] {
  const atLeast = 0.95
  const filled = measured.every(round => round.hugeBytes >= bytes)
  const noHugePages = filled ? {} : { notApplicable: 'this kernel, or this user, gives no huge pages here' }
  const intoBuffer = ratio(
    'the ceiling’s reads into the buffer / the ceiling: rate',
    round => round.ceilingNs / round.ceilingIntoBufferNs,
  )
  const ofCeiling = ratio('a refill / the ceiling: rate', round => round.ceilingNs / round.refillNs, {
    atLeast,
  })
  const reason = `the ceiling’s own reads into this buffer reach ${intoBuffer.value.toFixed(2)} of it`
  const huge = ratio(
    'a refill of huge pages / the ceiling’s reads into them: rate',
    round => round.ceilingIntoHugeNs / round.refillHugeNs,
    { atLeast },
  )
  return [
    intoBuffer.value < atLeast ? { ...ofCeiling, notApplicable: reason } : ofCeiling,
    intoBuffer,
    ratio(
      'a refill / the ceiling’s reads into the buffer: rate',
      round => round.ceilingIntoBufferNs / round.refillNs,
      { atLeast },
    ),
    { ...huge, ...noHugePages },
    {
      ...ratio('a refill of huge pages / the ceiling: rate', round => round.ceilingNs / round.refillHugeNs),
      ...noHugePages,
    },
  ]
}

/** Of the lab's own scheme with the loader's defaults: what overlap leaves, and how soon the first gather is there. */
function overlapAtOneGiB(): BenchResult[] {
  const scheme: SchemeId = 'memfd-list-direct'
  const { samples, spans } = measureRun(scheme, '1GiB', 7)
  const counted = samples.filter(sample => !sample.warmup)
  const totals = counted.flatMap(({ totalNs, allocNs, readNs, firstGatherNs }) =>
    totalNs === null || allocNs === null || readNs === null || firstGatherNs === null
      ? []
      : [totalNs / (1.02 * (Math.max(allocNs, readNs) + firstGatherNs))],
  )
  const firsts = counted.flatMap(({ index, firstGatherNs }) => {
    const read = spans.find(
      ({ sampleIndex, phase, gather }) => sampleIndex === index && phase === 'read' && gather === 0,
    )
    return read === undefined || firstGatherNs === null
      ? []
      : [read.endNs / (firstGatherNs + read.endNs - read.startNs)]
  })
  const median = (ratios: readonly number[]) => summarize(ratios)?.median ?? Number.NaN
  return [
    {
      name: `1 GiB cold direct: ${scheme} total / 1.02 (max(alloc, read) + first gather), median of ${totals.length}`,
      ...{ value: median(totals), unit: 'x', limit: { atMost: 1 } },
    },
    {
      name: `1 GiB cold direct: ${scheme}: first bytes ready / (first gather + its read), of the same load, median of ${firsts.length}`,
      ...{ value: median(firsts), unit: 'x', limit: { atMost: 1.2 } },
    },
  ]
}
