import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AdbServerClient } from '@yume-chan/adb'
import type { AdbServer } from '../../contract/engine.ts'
import { fail, reasonOf } from '../../contract/error.ts'
import { findAdb } from './adbProgram.ts'
import { parseDeviceList } from './deviceList.ts'
import type { ListedDevice } from './devicePort.ts'
import { ServerConnector } from './serverConnector.ts'

const oldestServerVersion = 41
const startTimeoutMs = 15_000
const answerTimeoutMs = 5000
const pollMs = 1000
const retryMs = 3000
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
  const { platform, env: environment } = process
  const adb = findAdb({ platform, environment, home: homedir() })
  if (adb === null) {
    fail(
      'target-unavailable',
      `${nobody}, and the adb program that would start one is not installed`,
      'Install adb (Debian: apt install adb), set ANDROID_HOME, or name the host and port of a running adb server.',
    )
  }
  try {
    await promisify(execFile)(adb, ['-P', `${port}`, 'start-server'], {
      timeout: startTimeoutMs,
      windowsHide: true,
    })
  } catch (cause) {
    const reason = reasonOf(cause)
    fail(
      'target-unavailable',
      `${nobody}, and adb could not start one: ${reason}`,
      'Run: adb start-server',
      cause,
    )
  }
}

/** A server that hangs is told from one that is slow by a limit, and is not waited for. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  const late = delay(answerTimeoutMs, undefined, { ref: false }).then(() => {
    throw new Error('it does not answer')
  })
  return Promise.race([answer, late])
}

/** Rejects with what is wrong with the server, or with the connection's own error where there is none. */
async function checkVersion(client: AdbServerClient, { host, port }: AdbServer): Promise<void> {
  const version = await answered(client.getVersion()).catch((cause: unknown) => {
    if (errorCode(cause) === 'ECONNREFUSED') throw cause
    const reason = reasonOf(cause)
    return fail(
      'target-unavailable',
      `what listens at ${host}:${port} is no adb server that the lab can use: ${reason}`,
      'Correct host and port, or run: adb kill-server',
      cause,
    )
  })
  if (version < oldestServerVersion) {
    fail(
      'target-unavailable',
      `the adb server at ${host}:${port} has version ${version}, the lab needs ${oldestServerVersion} or later`,
      'Update adb (platform-tools), then run: adb kill-server',
    )
  }
}

/**
 * A client of the adb server, which is started where none runs on this machine.
 * @throws LabFailure `target-unavailable` where there is none, or one of another version.
 */
export async function connectServer(server: AdbServer): Promise<AdbServerClient> {
  try {
    return await joinServer(server)
  } catch (thrown) {
    if (errorCode(thrown) !== 'ECONNREFUSED') throw thrown
    await startServer(server)
    return joinServer(server)
  }
}

/** A client of a server that runs. Rejects with the connection's own error where none does. */
export async function joinServer(server: AdbServer): Promise<AdbServerClient> {
  const client = new AdbServerClient(new ServerConnector(server))
  await checkVersion(client, server)
  return client
}

/** Not the library's own list: that has no device whose serial has spaces, or whose state it does not know. */
export async function listDevices(client: AdbServerClient): Promise<ListedDevice[]> {
  const connection = await client.createConnection('host:devices-l')
  try {
    return parseDeviceList(await connection.readString())
  } finally {
    await connection.dispose()
  }
}

export type DeviceWatcher = {
  readonly onDevices: (devices: ListedDevice[]) => void
  /** No server: why, and what to do. */
  readonly onNoServer: (thrown: unknown) => void
}

/**
 * Tells the devices of a server at once and about every second, through restarts of the server, until aborted.
 * It asks: `host:track-devices` of adb 34 says nothing when a device on TCP goes.
 */
export async function watchDevices(
  connect: () => Promise<AdbServerClient>,
  { onDevices, onNoServer }: DeviceWatcher,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await pollDevices(await connect(), onDevices, signal)
    } catch (thrown) {
      if (!signal.aborted) onNoServer(thrown)
    }
    await delay(retryMs, undefined, { signal }).catch(() => {})
  }
}

/** Until the server no longer answers. */
async function pollDevices(
  client: AdbServerClient,
  onDevices: DeviceWatcher['onDevices'],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    onDevices(await answered(listDevices(client)))
    await delay(pollMs, undefined, { signal })
  }
}
