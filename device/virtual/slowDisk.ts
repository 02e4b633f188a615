import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open, readFile, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail } from '../../contract/error.ts'
import { diskLogIn, diskSocketIn } from './deviceState.ts'
import type { HostProgram } from './hostPrograms.ts'
import { programEnvironment } from './hostPrograms.ts'
import type { ProcessIdentity } from './processIdentity.ts'
import { endProcess, identifyProcess, isAlive } from './processIdentity.ts'

const POLL_MS = 20
const START_TIMEOUT_MS = 60_000
/** So many requests are under way at once; QEMU's NBD client sends no more (MAX_NBD_REQUESTS). */
const THREADS = 16

/**
 * Serves the image over a socket in the folder, and each read takes as long as told at least. It ends with the emulator: when
 * its only client has gone.
 */
export async function serveSlowDisk(
  nbdkit: HostProgram,
  folder: string,
  disk: { image: string; latencyMs: number },
): Promise<ProcessIdentity> {
  const socket = diskSocketIn(folder)
  await rm(socket, { force: true })
  const log = await open(diskLogIn(folder), 'w')
  const child = spawn(nbdkit.path, nbdkitArguments(socket, disk), {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: programEnvironment(nbdkit),
  })
  await once(child, 'spawn')
  await log.close()
  child.unref()
  const identity = child.pid === undefined ? null : identifyProcess(child.pid)
  const deadline = Date.now() + START_TIMEOUT_MS
  while (identity !== null && isAlive(identity) && Date.now() < deadline) {
    if (existsSync(socket)) return identity
    await sleep(POLL_MS)
  }
  if (identity !== null) await endProcess(identity, 0)
  const said = await readFile(diskLogIn(folder), 'utf8')
  return fail('target-unavailable', `nbdkit serves no disk: ${said.trim()}`, `See ${diskLogIn(folder)}.`)
}

/** nbdkit-delay-filter(1), nbdkit-exitlast-filter(1) and nbdkit-file-plugin(1). */
export function nbdkitArguments(
  socket: string,
  { image, latencyMs }: { image: string; latencyMs: number },
): string[] {
  return [
    ...['--foreground', '--unix', socket, '--threads', String(THREADS)],
    ...['--filter=exitlast', '--filter=delay', 'file', `file=${image}`, `rdelay=${latencyMs}ms`],
  ]
}
