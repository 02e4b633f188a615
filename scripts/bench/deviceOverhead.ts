import { z } from 'zod'
import { MiB } from '../../contract/size.ts'
import type { VirtualDevice } from '../../device/virtual/virtualDevice.ts'
import { openDevice } from '../../engine/adb/adbDevicePort.ts'
import { connectServer } from '../../engine/adb/adbServer.ts'
import type { DevicePort } from '../../engine/adb/devicePort.ts'
import { measureCommand, prepareCommand, probeCommand, runAgent } from '../../engine/agent/commands.ts'
import { summarize } from '../../engine/stats/summary.ts'
import { installAgent, startOnDevice } from '../../engine/targets/deviceAgent.ts'
import { filesFolder } from '../../engine/targets/deviceFiles.ts'
import { labPaths } from '../../main/lab/paths.ts'
import { root } from './agent.ts'
import type { BenchResult } from './result.ts'

const bytes = 256 * MiB
const repeats = 9
const never = new AbortController().signal
/**
 * What adb and the line protocol cost: the wall time of one `measure` as the engine sees it, from starting the agent to
 * its exit code, less the agent's own work by the device's clock (`agentNs`), both of the same call; starting and ending
 * its process counts as overhead. It is held against the whole wall time of a sample with its verification, which is
 * what a run is made of; nothing of it is in the sample's times, because the agent is silent while its timer runs.
 */
export async function deviceOverhead({ serial, adbServerPort }: VirtualDevice): Promise<BenchResult[]> {
  const adbServer = { host: '127.0.0.1', port: adbServerPort }
  const port = await openDevice(await connectServer(adbServer), serial)
  try {
    const agent = await installAgent(port, { ...labPaths(root).engine, adbServer }, never)
    const path = `${filesFolder}/overhead.bin`
    const start = (args: readonly string[]) => startOnDevice(port, [agent, ...args])
    // The probe makes the folder.
    await runAgent(start, probeCommand(filesFolder, 'system'), { signal: never })
    await runAgent(start, prepareCommand(path, bytes, 1), { signal: never })
    const overheads: Overhead[] = []
    for (let repeat = 0; repeat <= repeats; repeat += 1) overheads.push(await overheadOf(port, agent, path))
    // The first is a warm-up.
    return [...resultsOf(overheads.slice(1)), await emptyProgram(port)]
  } finally {
    await port.close()
  }
}

type Overhead = { readonly ns: number; readonly wallNs: number; readonly totalNs: number }

const closingSchema = z.looseObject({
  status: z.literal('ok'),
  totalNs: z.number().positive(),
  figures: z.looseObject({ agentNs: z.number().positive() }),
})

async function overheadOf(port: DevicePort, agent: string, path: string): Promise<Overhead> {
  const load = { scheme: 'udmabuf-gather-direct', path, bytes, gatherBytes: 32 * MiB, readers: 1 } as const
  const command = measureCommand({ ...load, heap: 'system', verify: 'seed:1', hugePages: false })
  const start = (args: readonly string[]) => startOnDevice(port, [agent, ...args])
  const startedAt = process.hrtime.bigint()
  const { totalNs, figures } = closingSchema.parse(await runAgent(start, command, { signal: never }))
  const wallNs = Number(process.hrtime.bigint() - startedAt)
  const ns = wallNs - figures.agentNs
  return { ns, wallNs, totalNs }
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

/** The part of it that every program on the device costs: adb's round trips, and a process on an emulated CPU. */
async function emptyProgram(port: DevicePort): Promise<BenchResult> {
  const times: number[] = []
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const startedAt = performance.now()
    await port.run(['true'])
    times.push(performance.now() - startedAt)
  }
  const value = summarize(times)?.median ?? Number.NaN
  return { name: 'a program that does nothing (true), over adb', value, unit: 'ms' }
}
