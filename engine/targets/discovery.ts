import type { EngineOptions } from '../../contract/engine.ts'
import { toLabError } from '../../contract/error.ts'
import type { TargetSummary } from '../../contract/target.ts'
import { watchDevices } from '../adb/adbServer.ts'
import type { ListedDevice } from '../adb/devicePort.ts'
import { ProfileShelf } from '../simulation/profiles.ts'
import { localAgent } from './local.ts'

export type OnTargets = (targets: TargetSummary[]) => void

const deviceDetails: Record<ListedDevice['state'], string> = {
  ready: '',
  unauthorized: 'Accept this computer on the device.',
  offline: 'Connect the device again.',
}

function localSummary(options: EngineOptions): TargetSummary {
  const local = { id: 'local', kind: 'local', title: 'This machine' } as const
  try {
    localAgent(options)
    return { ...local, state: 'ready', detail: '' }
  } catch (thrown) {
    return { ...local, state: 'unavailable', detail: reasonOf(thrown) }
  }
}

function simulatedSummaries(options: EngineOptions): TargetSummary[] {
  return new ProfileShelf(options.dataDirectory).list().map(({ name, title, problem }) => ({
    id: `sim:${name}`,
    kind: 'sim',
    title,
    state: problem === '' ? 'ready' : 'unavailable',
    detail: problem,
  }))
}

function deviceSummary({ serial, state, model }: ListedDevice): TargetSummary {
  return { id: `adb:${serial}`, kind: 'adb', title: model || serial, state, detail: deviceDetails[state] }
}

/** The row that stands for all devices while there is no adb server to list them. */
function noDevicesSummary(thrown: unknown): TargetSummary {
  const title = 'Android devices'
  return { id: 'adb:none', kind: 'adb', title, state: 'unavailable', detail: reasonOf(thrown) }
}

function reasonOf(thrown: unknown): string {
  const { message, hint } = toLabError(thrown)
  return `${message}. ${hint}`
}

/** Tells every target there is, at once and at every change, until the signal is aborted. */
export async function watchTargets(
  options: EngineOptions,
  onTargets: OnTargets,
  signal: AbortSignal,
): Promise<void> {
  let lastTold = ''
  const tell = (devices: TargetSummary[]) => {
    const targets = [localSummary(options), ...devices, ...simulatedSummaries(options)]
    const told = JSON.stringify(targets)
    if (told !== lastTold) onTargets(targets)
    lastTold = told
  }
  tell([])
  await watchDevices(
    options.adbServer,
    {
      onDevices: devices => tell(devices.map(deviceSummary)),
      onNoServer: thrown => tell([noDevicesSummary(thrown)]),
    },
    signal,
  )
}
