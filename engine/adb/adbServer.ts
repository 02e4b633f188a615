import { execFile } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AdbServerClient } from '@yume-chan/adb'
import type { AdbServer } from '../../contract/engine.ts'
import { fail, LabFailure } from '../../contract/error.ts'
import type { ListedDevice } from './devicePort.ts'
import { ServerConnector } from './serverConnector.ts'

const oldestServerVersion = 41
const startTimeoutMs = 15_000
const retryMs = 3000
const allStates = ['device', 'unauthorized', 'offline'] as const
const loopbackHosts = new Set(['127.0.0.1', 'localhost', '::1'])

function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}

/** Starts a server with the adb program, which is needed for nothing else. */
async function startServer({ host, port }: AdbServer): Promise<void> {
  const nobody = `no adb server answers at ${host}:${port}`
  if (!loopbackHosts.has(host)) {
    fail('target-unavailable', nobody, 'Start one on that machine, or correct host and port.')
  }
  try {
    await promisify(execFile)('adb', ['-P', `${port}`, 'start-server'], { timeout: startTimeoutMs })
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') {
      fail(
        'target-unavailable',
        `${nobody}, and the adb program that would start one is not installed`,
        'Install adb (Debian: apt install adb), or name the host and port of a running adb server.',
        cause,
      )
    }
    const reason = cause instanceof Error ? cause.message : String(cause)
    fail(
      'target-unavailable',
      `${nobody}, and adb could not start one: ${reason}`,
      'Run: adb start-server',
      cause,
    )
  }
}

async function checkVersion(client: AdbServerClient): Promise<void> {
  const version = await client.getVersion()
  if (version < oldestServerVersion) {
    fail(
      'target-unavailable',
      `the adb server has version ${version}, the lab needs ${oldestServerVersion} or later`,
      'Update adb (platform-tools), then run: adb kill-server',
    )
  }
}

/**
 * A client of the adb server, which is started where none runs on this machine.
 * @throws LabFailure `target-unavailable` where there is none, or one of another version.
 */
export async function connectServer(server: AdbServer): Promise<AdbServerClient> {
  const client = new AdbServerClient(new ServerConnector(server))
  try {
    await checkVersion(client)
    return client
  } catch (thrown) {
    if (errorCode(thrown) !== 'ECONNREFUSED') throw serverFailure(server, thrown)
  }
  await startServer(server)
  await checkVersion(client)
  return client
}

function serverFailure({ host, port }: AdbServer, thrown: unknown): unknown {
  if (thrown instanceof LabFailure) return thrown
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new LabFailure(
    {
      kind: 'target-unavailable',
      message: `what listens at ${host}:${port} is no adb server the lab can use: ${reason}`,
      hint: 'Correct host and port, or run: adb kill-server',
    },
    { cause: thrown },
  )
}

const states = { device: 'ready', unauthorized: 'unauthorized', offline: 'offline' } as const

export async function listDevices(client: AdbServerClient): Promise<ListedDevice[]> {
  const devices = await client.getDevices(allStates)
  return devices.map(({ serial, state, model }) => ({
    serial,
    state: states[state],
    model: (model ?? '').replaceAll('_', ' '),
  }))
}

export type DeviceWatcher = {
  readonly onDevices: (devices: ListedDevice[]) => void
  /** No server: why, and what to do. Told again when that changes. */
  readonly onNoServer: (thrown: unknown) => void
}

/** Tells the devices of a server at once and at every change, through restarts of the server, until aborted. */
export async function watchDevices(
  server: AdbServer,
  { onDevices, onNoServer }: DeviceWatcher,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await watchOnce(await connectServer(server), onDevices, signal)
    } catch (thrown) {
      if (!signal.aborted) onNoServer(thrown)
    }
    await delay(retryMs, undefined, { signal }).catch(() => {})
  }
}

/** Until the connection to the server breaks. */
async function watchOnce(
  client: AdbServerClient,
  onDevices: DeviceWatcher['onDevices'],
  signal: AbortSignal,
): Promise<void> {
  const observer = await client.trackDevices({ includeStates: allStates, signal })
  const { promise: broken, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  observer.onError(reject)
  // The observer's own list leaves offline devices out, so a change is only its cue to ask.
  observer.onListChange(() => listDevices(client).then(onDevices, reject))
  try {
    await broken
  } finally {
    await observer.stop()
  }
}
