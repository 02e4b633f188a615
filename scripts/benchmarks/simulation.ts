import { execFileSync } from 'node:child_process'
import { z } from 'zod'
import { presetSizesBytes } from '../../contract/plan.ts'
import { valuesOf } from '../../contract/profile.ts'
import { schemeIdSchema } from '../../contract/schemes.ts'
import { GiB, KiB, MiB } from '../../contract/size.ts'
import { predict, sweepGather } from '../../model/prediction.ts'
import { bundledProfile } from '../../model/profiles/bundledProfiles.ts'
import { publishedSources } from '../../model/published/publishedData.ts'
import { simulateSample } from '../../model/simulation/simulatedSample.ts'
import { simulateLoad } from '../../model/simulation/simulateLoad.ts'
import type { BenchResult } from './result.ts'

const profile = bundledProfile('ufs4-phone-2024')
const tableSchemes = [
  ...new Set(
    publishedSources()
      .filter(source => source.id === 'v2-2024-07-30')
      .flatMap(source => source.figures.map(figure => figure.scheme))
      .filter(scheme => scheme !== 'udmabuf-async-direct'),
  ),
].map(scheme => schemeIdSchema.parse(scheme))

const measuredSchema = z.strictObject({
  tableMs: z.number(),
  shortMs: z.number(),
  longMs: z.number(),
  sliderMs: z.number(),
  memoryBytes: z.number(),
})

/**
 * What the simulation costs: a table of samples, growth with the file, memory, and a move of a Model slider. In a process
 * of its own, as the engine has: the other suites leave traces of hundreds of MiB in this one.
 */
export async function run(): Promise<BenchResult[]> {
  const measured = execFileSync(process.execPath, [import.meta.filename], { encoding: 'utf8' })
  const { tableMs, shortMs, longMs, sliderMs, memoryBytes } = measuredSchema.parse(JSON.parse(measured))
  return [
    { name: 'published table, 160 samples', value: tableMs, unit: 'ms', limit: { atMost: 1000 } },
    { name: 'a load of 64 GiB', value: longMs, unit: 'ms' },
    {
      name: '64 GiB against four times 16 GiB',
      value: longMs / (4 * shortMs),
      unit: 'ratio',
      limit: { atMost: 1.5 },
    },
    { name: 'a move of a Model slider, engine side', value: sliderMs, unit: 'ms', limit: { atMost: 16 } },
    { name: 'memory after all of it', value: memoryBytes / MiB, unit: 'MiB', limit: { atMost: 200 } },
  ]
}

function publishedTableSamples(): void {
  for (const scheme of tableSchemes) {
    for (const bytes of presetSizesBytes) {
      for (let repeat = 0; repeat < 5; repeat++) {
        const load = { bytes, gatherBytes: 128 * MiB, readers: 1, hugePages: false }
        simulateSample(profile, { scheme, load, pressureBytes: 0, noiseKey: `${scheme}/${bytes}/${repeat}` })
      }
    }
  }
}

function simulate(bytes: number): void {
  const load = { bytes, gatherBytes: 128 * MiB, readers: 1, hugePages: false }
  for (const scheme of ['normal', 'read-async-direct', 'udmabuf-direct'] as const) {
    simulateLoad(valuesOf(profile), scheme, load)
  }
}

/** What the Model view asks for when a slider has moved. */
function moveSlider(): void {
  const common = { profile: profile.name, whatIf: { storageLatencyNs: 90_000 }, readers: 1, pressureBytes: 0 }
  const sizesBytes = [512 * KiB, 8 * MiB, 128 * MiB, GiB, 3 * GiB]
  const schemes = [
    'normal',
    'udmabuf-direct',
    'read-sync-direct',
    'read-async-direct',
    'read-async-buffered',
  ] as const
  predict(profile, { ...common, schemes: [...schemes], sizesBytes, gatherBytes: null })
  sweepGather(profile, { ...common, scheme: 'read-async-direct', bytes: 3 * GiB })
}

/** Loads of 16 and 64 GiB in turns, the shortest of each: a busy machine slows both alike. */
function growth(): { shortMs: number; longMs: number } {
  const pairs = Array.from({ length: 15 }, () => ({
    shortMs: elapsedMs(() => simulate(16 * GiB)),
    longMs: elapsedMs(() => simulate(64 * GiB)),
  }))
  return {
    shortMs: Math.min(...pairs.map(pair => pair.shortMs)),
    longMs: Math.min(...pairs.map(pair => pair.longMs)),
  }
}

function elapsedMs(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** The shortest of several: what the work costs when nothing else has the core. */
function bestMs(work: () => void): number {
  return Math.min(...Array.from({ length: 25 }, () => elapsedMs(work)))
}

if (process.argv[1] === import.meta.filename) {
  const tableMs = elapsedMs(publishedTableSamples)
  const { shortMs, longMs } = growth()
  const sliderMs = bestMs(moveSlider)
  console.log(JSON.stringify({ tableMs, shortMs, longMs, sliderMs, memoryBytes: process.memoryUsage().rss }))
}
