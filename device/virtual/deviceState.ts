import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { fail } from '../../contract/error.ts'
import { dataFileSystems } from './dataImage.ts'
import { guestArches } from './guestArch.ts'
import { kernelFlavours } from './guestKernel.ts'
import { guestUsers } from './guestPhone.ts'
import type { ProcessIdentity } from './processIdentity.ts'
import { processIdentitySchema } from './processIdentity.ts'
import { diskKinds } from './qemuCommand.ts'

/** What is known of a started device; written to its instance folder. */
export const deviceStateSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  emulator: processIdentitySchema,
  serial: z.string(),
  devicePort: z.number().int(),
  adbProgram: z.string(),
  adbLibraryPath: z.string().nullable(),
  adbServerPort: z.number().int(),
  arch: z.enum(guestArches).default('amd64'),
  kernelRelease: z.string(),
  /** What modules for that kernel are built against; null: the headers that Debian packages. */
  kernelBuildTree: z.string().nullable().default(null),
  /** Null for a kernel of the user's own. */
  flavour: z.enum(kernelFlavours).nullable(),
  dataFileSystem: z.enum(dataFileSystems).default('ext4'),
  diskBytesPerSecond: z.number().int().positive().nullable(),
  disk: z.enum(diskKinds).default('virtio'),
  diskLatencyMs: z.number().int().positive().nullable().default(null),
  /** What its read-only disk was made of. */
  vendorFolder: z.string().nullable().default(null),
  memoryMiB: z.number().int().positive(),
  user: z.enum(guestUsers).default('root'),
  memoryGroupBytes: z.number().int().positive().nullable().default(null),
  deniedPaths: z.array(z.string()).default([]),
  startedAt: z.iso.datetime(),
  /** The kernel module that was loaded last: a file of the cache. */
  module: z.string().nullable(),
})
export type DeviceState = z.infer<typeof deviceStateSchema>

export const DEFAULT_NAME = 'device'

/** Packages, kernels and running devices, all safe to delete while no device runs. */
export function defaultCacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(base, 'dmabuf-lab', 'virtual')
}

export function instanceFolder(cacheFolder: string, name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) {
    fail('bad-input', `"${name}" is not a device name`, 'Use lower-case letters, digits and dashes.')
  }
  return join(cacheFolder, 'instances', name)
}

export const consoleLogIn = (folder: string) => join(folder, 'console.log')
export const emulatorLogIn = (folder: string) => join(folder, 'qemu.log')
export const diskPidIn = (folder: string) => join(folder, 'disk.pid')
export const diskSocketIn = (folder: string) => join(folder, 'disk.socket')
export const dataImageIn = (folder: string) => join(folder, 'data.img')
export const vendorImageIn = (folder: string) => join(folder, 'vendor.img')

/** The stored state; null where there is none or it is of another version or damaged. */
export async function readState(folder: string): Promise<DeviceState | null> {
  const text = await readFile(stateFile(folder), 'utf8').catch(() => null)
  if (text === null) return null
  const parsed = deviceStateSchema.safeParse(parseJson(text))
  return parsed.success ? parsed.data : null
}

/** The emulator that a state of any version names, so that none is left behind; null where it names none. */
export async function readEmulator(folder: string): Promise<ProcessIdentity | null> {
  const text = await readFile(stateFile(folder), 'utf8').catch(() => '')
  const parsed = z.object({ emulator: processIdentitySchema }).safeParse(parseJson(text))
  return parsed.success ? parsed.data.emulator : null
}

export async function writeState(folder: string, state: DeviceState): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const partial = `${stateFile(folder)}.partial`
  await writeFile(partial, `${JSON.stringify(state, null, 2)}\n`)
  await rename(partial, stateFile(folder))
}

export async function removeState(folder: string): Promise<void> {
  await rm(stateFile(folder), { force: true })
}

function stateFile(folder: string): string {
  return join(folder, 'state.json')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
