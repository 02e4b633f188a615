import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { EngineOptions } from '../../contract/engine.ts'

/** Where the lab's things lie. One data folder, shared by all shells. */
export type LabPaths = {
  readonly dataDirectory: string
  readonly databaseFile: string
  readonly engine: EngineOptions
}

/** `$DMABUF_LAB_HOME`, else `dmabuf-lab` in the platform's folder for application data (XDG base directories). */
export function dataDirectoryOf(environment: NodeJS.ProcessEnv): string {
  const own = environment.DMABUF_LAB_HOME
  if (own !== undefined && own !== '') return resolve(own)
  // The specification has relative paths ignored.
  const xdg = environment.XDG_DATA_HOME
  const base = xdg?.startsWith('/') ? xdg : join(homedir(), '.local', 'share')
  return join(base, 'dmabuf-lab')
}

/** Where the log of every lab on a data folder lies. */
export function logDirectoryIn(dataDirectory: string): string {
  return join(dataDirectory, 'logs')
}

/** `databaseFile` overrides the one in the data folder. `productDirectory` holds `out/agent`. */
export function labPaths(productDirectory: string, databaseFile?: string): LabPaths {
  const dataDirectory = dataDirectoryOf(process.env)
  return {
    dataDirectory,
    databaseFile: databaseFile === undefined ? join(dataDirectory, 'lab.db') : resolve(databaseFile),
    engine: {
      agentDirectory: join(productDirectory, 'out', 'agent'),
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
