import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { ExportedRun } from '../../contract/run.ts'
import type { StoredSample } from '../../contract/sample.ts'
import { GiB, MiB } from '../../contract/size.ts'
import { cellsOf } from '../../findings/cells.ts'
import { overlappedBoundNs } from '../../findings/formulas.ts'
import { summarize } from '../../findings/statistics/summary.ts'
import { agent, agentCeiling, benchFolder, fioRead, prepareFile } from './agent.ts'
import { cellOf, medianAllocation, medianRead, overlapBound, readOfCeiling, speedup } from './loadFigures.ts'
import type { BenchResult } from './result.ts'
import { terminalRun } from './terminalRun.ts'

const seed = 1

function median(values: readonly number[]): number {
  return summarize(values)?.median ?? Number.NaN
}

/** The loads themselves, through the terminal shell. */
function measure(schemes: string, sizes: string, repeats: number): StoredSample[] {
  return measureRun(schemes, sizes, repeats).samples.filter(sample => !sample.warmup)
}

/** With its spans, and the warm-ups. */
export function measureRun(schemes: string, sizes: string, repeats: number): ExportedRun {
  const home = mkdtempSync(join(benchFolder(), 'home-'))
  const plan = ['--target', 'local', '--schemes', schemes, '--sizes', sizes, '--repeats', `${repeats}`]
  const fileOptions = ['--seed', `${seed}`, '--dir', join(benchFolder(), 'files')]
  try {
    return terminalRun({ options: [...plan, ...fileOptions], home })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function overlap(): BenchResult[] {
  const cells = cellsOf(measure('memfd-direct,memfd-gather-direct', '1GiB', 7))
  const serial = cellOf(cells, 'memfd-direct')
  const gather = cellOf(cells, 'memfd-gather-direct')
  const alloc = medianAllocation(serial)
  const read = medianRead(serial)
  const balance = Math.max(alloc, read) / Math.min(alloc, read)
  const formula = gather.samples.flatMap(sample => {
    const bound = overlappedBoundNs(sample)
    return bound === null ? [] : sample.totalNs / bound
  })
  const faster: BenchResult = {
    name: '1 GiB cold direct: memfd-direct / memfd-gather-direct, medians of 7',
    value: speedup(serial, gather),
    unit: 'x',
    limit: { atLeast: 1.5 },
  }
  const unbalanced = `alloc and I/O are ${balance.toFixed(2)} apart here, beyond 2`
  return [
    balance > 2 ? { ...faster, notApplicable: unbalanced } : faster,
    {
      name: 'memfd-gather-direct total / (1.10 max(alloc, read) + first gather), median',
      value: overlapBound(gather.samples),
      unit: 'x',
      limit: { atMost: 1 },
    },
    {
      name: 'memfd-gather-direct total / T(first gather) + max(T(rest), T(I/O))',
      value: median(formula),
      unit: 'x',
    },
    {
      name: "memfd-direct's read / the ceiling, median: no load beats a ceiling",
      value: readOfCeiling(serial),
      unit: 'x',
      limit: { atMost: 1.05 },
    },
    { name: 'memfd-direct total', value: serial.summary.median / 1e6, unit: 'ms' },
    { name: 'memfd-direct alloc', value: alloc / 1e6, unit: 'ms' },
    { name: 'memfd-direct read', value: read / 1e6, unit: 'ms' },
    { name: 'memfd-gather-direct total', value: gather.summary.median / 1e6, unit: 'ms' },
  ]
}

async function ceilingAgainstFio(): Promise<BenchResult[]> {
  const name = "the agent's ceiling / fio's sequential direct read, 1 MiB x 16, medians of 7 pairs"
  const limit = { atLeast: 0.95 }
  if (!existsSync('/usr/bin/fio')) {
    return [
      { name, value: Number.NaN, unit: 'x', limit, notApplicable: 'fio is missing: apt-get install fio' },
    ]
  }
  const [bytes, blockBytes, depth] = [1 * GiB, 1 * MiB, 16]
  const path = await prepareFile(bytes, seed)
  const ours: number[] = []
  const theirs: number[] = []
  for (let pair = 0; pair < 7; pair += 1) {
    ours.push(await agentCeiling(path, bytes, blockBytes, depth))
    theirs.push(await fioRead(path, blockBytes, depth))
  }
  return [
    { name, value: median(ours) / median(theirs), unit: 'x', limit },
    { name: "the agent's ceiling", value: median(ours) / 1e9, unit: 'GB/s' },
    { name: "fio's sequential direct read", value: median(theirs) / 1e9, unit: 'GB/s' },
  ]
}

const sampleLineSchema = z.looseObject({
  type: z.literal('sample'),
  status: z.literal('ok'),
  totalNs: z.number(),
})

/** The agent's figure for a load beside a bare C program that does the same load and nothing else. */
async function agentCost(): Promise<BenchResult[]> {
  const bytes = 256 * MiB
  const path = await prepareFile(bytes, seed)
  const plain = join(benchFolder(), 'plain-load')
  const source = join(import.meta.dirname, 'plainLoad.c')
  execFileSync('gcc', ['-O2', '-Wall', '-Werror', '-static', '-o', plain, source])
  const options = [
    '--scheme',
    'memfd-buffered',
    '--path',
    path,
    '--bytes',
    `${bytes}`,
    '--gather',
    `${128 * MiB}`,
  ]
  const rest = ['--readers', '1', '--heap', 'system', '--verify', 'none', '--cold', '0']
  const ratios: number[] = []
  // The file stays in the page cache, so that no disk's noise hides a percent.
  for (let pair = 0; pair < 31; pair += 1) {
    const bare = Number(execFileSync(plain, [path, `${bytes}`], { encoding: 'utf8' }))
    const { totalNs } = await agent(sampleLineSchema, ['measure', ...options, ...rest])
    if (pair > 0) ratios.push(totalNs / bare)
  }
  return [
    {
      name: '256 MiB memfd-buffered: the agent / a bare C program, median of 30 pairs',
      value: median(ratios),
      unit: 'x',
      limit: { atMost: 1.01 },
    },
  ]
}

export async function run(): Promise<BenchResult[]> {
  return [...overlap(), ...(await ceilingAgainstFio()), ...(await agentCost())]
}
