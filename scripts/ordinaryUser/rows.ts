import { join } from 'node:path'
import type { EngineEvent } from '../../contract/engine.ts'
import type { Sample } from '../../contract/sample.ts'
import { type SchemeId, schemeIds } from '../../contract/schemes.ts'
import { MiB } from '../../contract/size.ts'
import type { Environment } from '../../contract/target.ts'
import type { VirtualDevice } from '../../device/virtual/virtualDevice.ts'
import { builtAgentDirectory } from '../../engine/agent/builtAgents.ts'
import { openTarget } from '../../engine/targets/openTarget.ts'
import type { Target } from '../../engine/targets/target.ts'
import { recordRun } from '../../engine/targets/testing/recordRun.ts'
import { markText } from '../../findings/words/pathCause.ts'

export const documentPath = join(import.meta.dirname, '../../docs/ordinary-user.md')
export const columns = ['scheme', 'as `shell`', 'as root, with the kernel module'] as const

/** Every byte of each is checked. */
const plan = {
  schemes: [...schemeIds],
  sizesBytes: [4 * MiB],
  gatherBytes: MiB,
  readers: 2,
  repeats: 1,
  warmups: 0,
  ceiling: false,
}

export function openOn(device: VirtualDevice, dataDirectory: string): Promise<Target> {
  const adbServer = { host: '127.0.0.1', port: device.adbServerPort }
  const options = { agentDirectory: builtAgentDirectory, dataDirectory, adbServer }
  return openTarget(`adb:${device.serial}`, options, new AbortController().signal)
}

/** What came of each scheme there, of those that were tried; of all of a file, or of a generated one. */
export async function cellsOn(
  target: Target,
  loads: { schemes?: SchemeId[]; file?: string } = {},
): Promise<ReadonlyMap<SchemeId, string>> {
  const sizesBytes = loads.file === undefined ? plan.sizesBytes : []
  const { samples, events } = await recordRun(target, { ...plan, sizesBytes, ...loads })
  const environment = environmentIn(events)
  return new Map(samples.map(sample => [sample.scheme, cellOf(sample, environment)]))
}

function environmentIn(events: readonly EngineEvent[]): Environment {
  const started = events.find(event => event.type === 'started')
  if (started === undefined) throw new Error('the run did not begin')
  return started.capabilities.environment
}

function cellOf({ status, reason, cold, direct, verified, marks }: Sample, environment: Environment): string {
  if (status !== 'ok') return `${status}: ${reason}`
  const words = [
    ...(verified ? ['verified'] : ['not verified']),
    ...(cold ? ['cold'] : []),
    ...(direct ? ['direct'] : []),
  ]
  return [...words, ...marks.map(mark => `“${markText(mark, environment)}”`)].join(', ')
}
