import type { EngineOptions } from '../../contract/engine.ts'
import { toLabError } from '../../contract/error.ts'
import type { TargetSummary } from '../../contract/target.ts'
import { connectServer, joinServer, watchDevices } from '../adb/adbServer.ts'
import type { ListedDevice } from '../adb/devicePort.ts'
import { ProfileShelf } from '../profiles/profileShelf.ts'
import { localAgent } from './local.ts'

export type OnTargets = (targets: TargetSummary[]) => void

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

/** Of a target's name, which adb does not bound. */
const keptSerialCharacters = 200

function deviceSummary({ serial, state, words, hint, model }: ListedDevice): TargetSummary {
  const name = serial.slice(0, keptSerialCharacters)
  const detail = state === 'ready' ? '' : `adb says: ${words}. ${hint}`
  return { id: `adb:${name}`, kind: 'adb', title: model || name, state, detail }
}

/** The row that stands for all devices while there is no adb server to list them. */
function noDevicesSummary(detail: string): TargetSummary {
  return { id: 'adb:none', kind: 'adb', title: 'Android devices', state: 'unavailable', detail }
}

const noAnswerYet = 'the adb server has not answered yet. If it stays silent, run: adb kill-server'

function reasonOf(thrown: unknown): string {
  const { message, hint } = toLabError(thrown)
  return `${message}. ${hint}`
}

/** Starting an adb server takes seconds; the other targets need not wait so long for their first showing. */
const firstAnswerMs = 1000

/** Tells every target there is, once the adb servers have answered or are late, and at every change, until aborted. */
export async function watchTargets(
  options: EngineOptions,
  onTargets: OnTargets,
  signal: AbortSignal,
): Promise<void> {
  const others = options.otherAdbServers ?? []
  const listed = new Map<number, TargetSummary[]>()
  let lastTold = ''
  const tell = () => {
    const devices = [...listed].sort(([a], [b]) => a - b).flatMap(([, each]) => each)
    const targets = [localSummary(options), ...distinct(devices), ...simulatedSummaries(options)]
    const told = JSON.stringify(targets)
    if (told !== lastTold) onTargets(targets)
    lastTold = told
  }
  const late = setTimeout(() => {
    if (!listed.has(0)) listed.set(0, [noDevicesSummary(noAnswerYet)])
    tell()
  }, firstAnswerMs)
  const list = (server: number, devices: TargetSummary[]) => {
    listed.set(server, devices)
    if (lastTold === '' && listed.size <= others.length) return
    clearTimeout(late)
    tell()
  }
  const listDevices = (server: number) => (devices: ListedDevice[]) =>
    list(server, devices.map(deviceSummary))
  const watches = [
    watchDevices(
      () => connectServer(options.adbServer),
      { onDevices: listDevices(0), onNoServer: thrown => list(0, [noDevicesSummary(reasonOf(thrown))]) },
      signal,
    ),
    ...others.map((server, index) =>
      watchDevices(
        () => joinServer(server),
        { onDevices: listDevices(index + 1), onNoServer: () => list(index + 1, []) },
        signal,
      ),
    ),
  ]
  await Promise.all(watches)
  clearTimeout(late)
}

/** Two servers may know the same device: the first one's row stands. */
function distinct(targets: readonly TargetSummary[]): TargetSummary[] {
  return [...new Map([...targets].reverse().map(target => [target.id, target])).values()].reverse()
}
