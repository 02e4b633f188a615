import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { EngineOptions } from '../../contract/engine.ts'
import { fail } from '../../contract/error.ts'

/** Where the lab's things lie. One data folder, shared by all shells. */
export type LabPaths = {
  readonly dataDirectory: string
  readonly databaseFile: string
  readonly engine: EngineOptions
}

/**
 * `$DMABUF_LAB_HOME`, else `dmabuf-lab` in the platform's folder for application data: XDG's on Linux, `Application
 * Support` on macOS, the roaming one on Windows.
 */
export function dataDirectoryOf(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = environment.DMABUF_LAB_HOME
  return own !== undefined && own !== ''
    ? resolve(own)
    : join(applicationData(environment, platform), 'dmabuf-lab')
}

function applicationData(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join(homeFolder(), 'Library', 'Application Support')
  if (platform === 'win32') return environment.APPDATA || join(homeFolder(), 'AppData', 'Roaming')
  // The specification has relative paths ignored.
  const xdg = environment.XDG_DATA_HOME
  return xdg?.startsWith('/') ? xdg : join(homeFolder(), '.local', 'share')
}

/** @throws LabFailure `bad-input` for a user without one, as in a container that runs under a bare number. */
function homeFolder(): string {
  try {
    return homedir()
  } catch (cause) {
    fail(
      'bad-input',
      'this user has no home folder: HOME is not set, and passwd has no entry',
      'Set HOME, or name a folder for the data with DMABUF_LAB_HOME.',
      cause,
    )
  }
}

export const databaseName = 'lab.db'

/** Where the log of every lab on a data folder lies. */
export function logDirectoryIn(dataDirectory: string): string {
  return join(dataDirectory, 'logs')
}

/** What a package brings with it; a checkout builds its own. */
export type PackedAgents = {
  readonly directory: string
  /** SHA-256 by machine. */
  readonly hashes: Readonly<Record<string, string>>
}

export type LabPlaces = {
  /** The folder of package.json; a checkout has `out/agent` in it. */
  readonly productDirectory: string
  /** Another database than the data folder's. */
  readonly databaseFile?: string
  readonly packedAgents?: PackedAgents
}

export function labPaths({ productDirectory, databaseFile, packedAgents }: LabPlaces): LabPaths {
  const dataDirectory = dataDirectoryOf(process.env)
  return {
    dataDirectory,
    databaseFile: databaseFile === undefined ? join(dataDirectory, databaseName) : resolve(databaseFile),
    engine: {
      agentDirectory: packedAgents?.directory ?? join(productDirectory, 'out', 'agent'),
      ...(packedAgents === undefined ? {} : { agentHashes: { ...packedAgents.hashes } }),
      dataDirectory,
      ...adbServersOf(process.env),
    },
  }
}

/** Where `npm run device` prefers its adb server (docs/virtual-device.md). */
const virtualDeviceServer = { host: '127.0.0.1', port: 5137 }

/**
 * adb's own variables: a bare port, or `tcp:host:port`. Anything else leaves the default, as a bench must not guess.
 * Who names a server means that one alone.
 */
function adbServersOf(environment: NodeJS.ProcessEnv): Pick<EngineOptions, 'adbServer' | 'otherAdbServers'> {
  const socket = /^tcp:(?:(?<host>[^:]+):)?(?<port>\d+)$/.exec(environment.ADB_SERVER_SOCKET ?? '')
  const port = Number(socket?.groups?.port ?? environment.ANDROID_ADB_SERVER_PORT)
  if (Number.isInteger(port) && port > 0 && port < 65536) {
    return { adbServer: { host: socket?.groups?.host ?? '127.0.0.1', port } }
  }
  return { adbServer: { host: '127.0.0.1', port: 5037 }, otherAdbServers: [virtualDeviceServer] }
}
