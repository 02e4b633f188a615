import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../../contract/error.ts'
import { diskPidIn, diskSocketIn } from './deviceState.ts'
import type { HostProgram } from './hostPrograms.ts'
import { programEnvironment } from './hostPrograms.ts'
import type { ProcessIdentity } from './processIdentity.ts'
import { identifyProcess } from './processIdentity.ts'
import { runOrFail } from './runProgram.ts'

/** So many requests are under way at once; QEMU's NBD client sends no more (MAX_NBD_REQUESTS). */
const THREADS = 16

export type SlowDisk = { readonly image: string; readonly latencyMs: number }

/**
 * Serves the image over a socket in the folder, each read as long as told at least. It ends with the emulator: when
 * its only client has gone.
 */
export async function serveSlowDisk(
  nbdkit: HostProgram,
  folder: string,
  disk: SlowDisk,
): Promise<ProcessIdentity> {
  const place = { socket: diskSocketIn(folder), pidFile: diskPidIn(folder) }
  for (const left of Object.values(place)) await rm(left, { force: true })
  // Returns once it listens, and goes on in the background.
  await runOrFail(nbdkit.path, nbdkitArguments(nbdkit, place, disk), { env: programEnvironment(nbdkit) })
  const server = identifyProcess(Number(await readFile(place.pidFile, 'utf8')))
  return server ?? fail('target-unavailable', 'nbdkit ended at once', 'Start the device again.')
}

/** nbdkit-delay-filter(1), nbdkit-exitlast-filter(1) and nbdkit-file-plugin(1). */
export function nbdkitArguments(
  { dataFolders: [unpacked] }: HostProgram,
  { socket, pidFile }: { socket: string; pidFile: string },
  { image, latencyMs }: SlowDisk,
): string[] {
  const part = (kind: 'filter' | 'plugin', name: string) =>
    unpacked === undefined ? name : join(unpacked, `${kind}s/nbdkit-${name}-${kind}.so`)
  return [
    ...['--unix', socket, '--pidfile', pidFile, '--threads', String(THREADS)],
    ...['exitlast', 'delay'].flatMap(name => ['--filter', part('filter', name)]),
    ...[part('plugin', 'file'), `file=${image}`, `rdelay=${latencyMs}ms`],
  ]
}
