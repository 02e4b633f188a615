import { z } from 'zod'
import { MiB } from '../../contract/size.ts'
import type { VirtualDevice } from '../../device/virtual/virtualDevice.ts'
import { openDevice } from '../../engine/adb/adbDevicePort.ts'
import { connectServer } from '../../engine/adb/adbServer.ts'
import { openAdb } from '../../engine/targets/adb.ts'
import type { Load, Target } from '../../engine/targets/target.ts'
import { summarize } from '../../findings/statistics/summary.ts'
import { labPaths } from '../../main/lab/paths.ts'
import { root } from './agent.ts'
import type { BenchResult } from './result.ts'

const bytes = 256 * MiB
const seed = 1
const repeats = 9
const heap = 'system'
const never = new AbortController().signal

/**
 * What adb and the line protocol cost: the wall time of one `Target.measure`, which is all that a run does over adb for
 * a sample, less the agent's own work by the device's clock (`agentNs`), both of the same sample. The agent is already
 * there, as it is for every sample of a run but the first. Held against the whole wall time of a sample with its
 * verification, which is what a run is made of; nothing of it is in the sample's times, because the agent is silent
 * while its timer runs.
 */
export async function deviceOverhead({ serial, adbServerPort }: VirtualDevice): Promise<BenchResult[]> {
  const options = {
    ...labPaths({ productDirectory: root }).engine,
    adbServer: { host: '127.0.0.1', port: adbServerPort },
  }
  const target = await openAdb(`adb:${serial}`, options, never)
  try {
    await target.probe({ directory: null, heap }, never)
    const file = await target.prepare({ bytes, seed, directory: null }, () => {}, never)
    const overheads: Overhead[] = []
    for (let repeat = 0; repeat <= repeats; repeat += 1) {
      const load = { file, bytes, heap, seed, repeat, warmup: repeat === 0 }
      overheads.push(await overheadOf(target, { ...load, ...gatherLoad }))
    }
    return [...resultsOf(overheads.slice(1)), await emptyProgram(serial, adbServerPort)]
  } finally {
    await target.dispose()
  }
}

const gatherLoad = {
  scheme: 'udmabuf-gather-direct',
  gatherBytes: 32 * MiB,
  readers: 1,
  verify: true,
  hugePages: false,
} as const

type Overhead = { readonly ns: number; readonly wallNs: number; readonly totalNs: number }

const sampleSchema = z.looseObject({
  status: z.literal('ok'),
  totalNs: z.number().positive(),
  figures: z.looseObject({ agentNs: z.number().positive() }),
})

async function overheadOf(target: Target, load: Load): Promise<Overhead> {
  const startedAt = process.hrtime.bigint()
  const { sample } = await target.measure(load, never)
  const wallNs = Number(process.hrtime.bigint() - startedAt)
  const { totalNs, figures } = sampleSchema.parse(sample)
  return { ns: wallNs - figures.agentNs, wallNs, totalNs }
}

function resultsOf(overheads: readonly Overhead[]): BenchResult[] {
  const median = (figure: (overhead: Overhead) => number) =>
    summarize(overheads.map(figure))?.median ?? Number.NaN
  return [
    {
      name: 'adb and protocol, of the wall time of a verified sample of 256 MiB',
      value: 100 * median(({ ns, wallNs }) => ns / wallNs),
      unit: '%',
      limit: { atMost: 2 },
    },
    {
      name: "the same, of the sample's timed total",
      value: 100 * median(({ ns, totalNs }) => ns / totalNs),
      unit: '%',
    },
    { name: 'the same', value: median(({ ns }) => ns) / 1e6, unit: 'ms' },
  ]
}

/** What a process of its own on the device would cost each time: adb's round trips, and a shell on an emulated CPU. */
async function emptyProgram(serial: string, adbServerPort: number): Promise<BenchResult> {
  const port = await openDevice(await connectServer({ host: '127.0.0.1', port: adbServerPort }), serial)
  const times: number[] = []
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const startedAt = performance.now()
    await port.run(['true'])
    times.push(performance.now() - startedAt)
  }
  await port.close()
  const value = summarize(times)?.median ?? Number.NaN
  return { name: 'a program that does nothing (true), started over adb', value, unit: 'ms' }
}
