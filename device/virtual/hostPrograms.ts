import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from '../../contract/error.ts'
import type { OpenArchive } from './aptPackages.ts'
import { downloadInstallSet, machineArchive, unpackOnce } from './aptPackages.ts'
import { GUEST_RELEASE } from './aptSources.ts'
import { findProgram } from './findProgram.ts'
import type { GuestArch } from './guestArch.ts'

/** A program of the host, and where its libraries and data are when it was unpacked and not installed. */
export type HostProgram = { path: string; libraryPath: string | null; dataFolders: readonly string[] }

type HostPackage = {
  name: string
  program: string
  paths: readonly string[]
  data: readonly string[]
}

const QEMU: Record<GuestArch, HostPackage> = {
  amd64: {
    name: 'qemu-system-x86',
    program: 'qemu-system-x86_64',
    paths: ['usr/bin/qemu-system-x86_64'],
    data: ['usr/share/qemu', 'usr/share/seabios'],
  },
  arm64: {
    name: 'qemu-system-arm',
    program: 'qemu-system-aarch64',
    paths: ['usr/bin/qemu-system-aarch64'],
    data: ['usr/share/qemu'],
  },
}

const ADB: HostPackage = {
  name: 'adb',
  program: 'adb',
  paths: ['usr/lib/android-sdk/platform-tools/adb', 'usr/bin/adb'],
  data: [],
}

const NBDKIT: HostPackage = {
  name: 'nbdkit',
  program: 'nbdkit',
  paths: ['usr/sbin/nbdkit', 'usr/bin/nbdkit'],
  data: ['usr/lib/x86_64-linux-gnu/nbdkit'],
}

const LIBRARY_FOLDERS = [
  'usr/lib/x86_64-linux-gnu',
  'lib/x86_64-linux-gnu',
  'usr/lib/x86_64-linux-gnu/android',
]

export const ensureQemu = (cacheFolder: string, archive: OpenArchive, arch: GuestArch) =>
  ensureProgram(cacheFolder, archive, QEMU[arch])

export const ensureAdb = (cacheFolder: string, archive: OpenArchive) =>
  ensureProgram(cacheFolder, archive, ADB)

export const ensureNbdkit = (cacheFolder: string, archive: OpenArchive) =>
  ensureProgram(cacheFolder, archive, NBDKIT)

/** What it runs with: an unpacked one finds its own libraries there. */
export function programEnvironment({ libraryPath }: HostProgram): NodeJS.ProcessEnv {
  return libraryPath === null ? process.env : { ...process.env, LD_LIBRARY_PATH: libraryPath }
}

/** The installed program, else the package's unpacked into the cache; nothing is installed on the machine. */
async function ensureProgram(
  cacheFolder: string,
  archive: OpenArchive,
  wanted: HostPackage,
): Promise<HostProgram> {
  const installed = findProgram(wanted.program)
  if (installed !== null) return { path: installed, libraryPath: null, dataFolders: [] }
  const folder = join(cacheFolder, `host-${wanted.name}`)
  if (!existsSync(folder)) {
    // Backports have a QEMU that boots these kernels more reliably; later releases bring it themselves.
    const source = hostRelease() === GUEST_RELEASE ? await archive(GUEST_RELEASE) : machineArchive
    const packages = [wanted.name, ...upgradesLeftOut()]
    await unpackOnce(folder, downloadInstallSet(source, { packages, fromNothing: false }))
  }
  const found = wanted.paths.map(path => join(folder, path)).find(path => existsSync(path))
  const libraryPath = LIBRARY_FOLDERS.map(library => join(folder, library)).join(':')
  return {
    path:
      found ?? fail('internal', `${folder} has no ${wanted.program}`, 'Remove that folder and start again.'),
    libraryPath,
    dataFolders: wanted.data.map(data => join(folder, data)),
  }
}

/**
 * What apt is told not to bring along, by a minus: a newer QEMU would upgrade an installed emulator of single programs,
 * 360 MB that no device runs. Where it is not installed apt may not even know it, and would refuse.
 */
function upgradesLeftOut(): string[] {
  return existsSync('/var/lib/dpkg/info/qemu-user-static.list') ? ['qemu-user-static-'] : []
}

function hostRelease(): string | undefined {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return /^VERSION_CODENAME=(\S+)$/m.exec(release)?.[1]
}
