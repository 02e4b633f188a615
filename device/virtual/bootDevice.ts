import { rm } from 'node:fs/promises'
import { arch } from 'node:os'
import { fail } from '../../contract/error.ts'
import { GiB, MiB } from '../../contract/size.ts'
import type { OpenArchive } from './aptPackages.ts'
import { archivesIn } from './aptPackages.ts'
import { createDataImage } from './dataImage.ts'
import type { DeviceState } from './deviceState.ts'
import { consoleLogIn, DEFAULT_NAME, dataImageIn, emulatorLogIn, writeState } from './deviceState.ts'
import { launchEmulator } from './emulator.ts'
import { withFolderLock } from './folderLock.ts'
import { freePort } from './freePort.ts'
import { ensureInitrd } from './guestImage.ts'
import type { GuestKernel, KernelFlavour } from './guestKernel.ts'
import { ensureGuestKernel } from './guestKernel.ts'
import type { HostProgram } from './hostPrograms.ts'
import { ensureAdb, ensureQemu } from './hostPrograms.ts'
import type { OwnKernel } from './ownKernel.ts'
import { openOwnKernel } from './ownKernel.ts'
import type { GuestHardware } from './qemuCommand.ts'

export type BootOptions = {
  devicePort?: number
  adbServerPort?: number
  /** Read ceiling of the data disk; null or absent: as fast as the host. */
  diskBytesPerSecond?: number | null
  memoryMiB?: number
  dataBytes?: number
  flavour?: KernelFlavour
  /** Boots this kernel in place of a flavour. */
  ownKernel?: OwnKernel
  /** Added to the kernel's command line, such as `slab_debug=FZPU`. */
  kernelArguments?: string
}

type Parts = { kernel: GuestKernel; initrd: string; qemu: HostProgram; adb: HostProgram }

const DEFAULT_FLAVOUR = 'cloud'
const DEFAULT_MEMORY_MIB = 2048
const MINIMUM_MEMORY_MIB = 256
const DEFAULT_DATA_BYTES = 4 * GiB
const MINIMUM_DATA_BYTES = 64 * MiB
const MINIMUM_DISK_BYTES_PER_SECOND = MiB
// Only for the device without a name of its own: two that start at once must not settle on the same port.
const PREFERRED_DEVICE_PORT = 5637
const PREFERRED_ADB_SERVER_PORT = 5137
const PARTS_TIMEOUT_MS = 10 * 60_000

/** Starts the emulator and writes its state; the guest is still booting when this returns. */
export async function bootDevice(
  cacheFolder: string,
  folder: string,
  options: BootOptions & { name: string },
): Promise<DeviceState> {
  checkOptions(options)
  const flavour = options.ownKernel === undefined ? (options.flavour ?? DEFAULT_FLAVOUR) : null
  const archive = archivesIn(cacheFolder)
  const kernel =
    options.ownKernel === undefined
      ? await ensureGuestKernel(cacheFolder, options.flavour ?? DEFAULT_FLAVOUR, archive)
      : await openOwnKernel(options.ownKernel, folder)
  const parts = await ensureParts(cacheFolder, kernel, archive)
  const hardware = await hardwareOf(folder, parts, options)
  const adbServerPort =
    options.adbServerPort ?? (await freePort(preferred(options.name, PREFERRED_ADB_SERVER_PORT)))
  await createDataImage(hardware.dataImage, options.dataBytes ?? DEFAULT_DATA_BYTES)
  await rm(hardware.consoleLog, { force: true })
  const state: DeviceState = {
    version: 1,
    name: options.name,
    emulator: await launchEmulator(parts.qemu, hardware, emulatorLogIn(folder)),
    serial: `127.0.0.1:${hardware.devicePort}`,
    devicePort: hardware.devicePort,
    adbProgram: parts.adb.path,
    adbLibraryPath: parts.adb.libraryPath,
    adbServerPort,
    arch: parts.kernel.arch,
    kernelRelease: parts.kernel.release,
    kernelBuildTree: parts.kernel.buildTree,
    flavour,
    diskBytesPerSecond: hardware.diskBytesPerSecond,
    memoryMiB: hardware.memoryMiB,
    startedAt: new Date().toISOString(),
    module: null,
  }
  // Before the guest is up, so that `stop` finds an emulator whose guest never comes up.
  await writeState(folder, state)
  return state
}

function ensureParts(cacheFolder: string, kernel: GuestKernel, archive: OpenArchive): Promise<Parts> {
  return withFolderLock(cacheFolder, PARTS_TIMEOUT_MS, async () => ({
    kernel,
    initrd: await ensureInitrd(cacheFolder, kernel, archive),
    qemu: await ensureQemu(cacheFolder, archive, kernel.arch),
    adb: await ensureAdb(cacheFolder, archive),
  }))
}

async function hardwareOf(
  folder: string,
  { kernel, initrd }: Parts,
  options: BootOptions & { name: string },
): Promise<GuestHardware> {
  return {
    arch: kernel.arch,
    kernel: kernel.vmlinuz,
    initrd,
    kernelArguments: options.kernelArguments ?? '',
    consoleLog: consoleLogIn(folder),
    dataImage: dataImageIn(folder),
    memoryMiB: options.memoryMiB ?? DEFAULT_MEMORY_MIB,
    devicePort: options.devicePort ?? (await freePort(preferred(options.name, PREFERRED_DEVICE_PORT))),
    diskBytesPerSecond: options.diskBytesPerSecond ?? null,
  }
}

function preferred(name: string, port: number): number | null {
  return name === DEFAULT_NAME ? port : null
}

function checkOptions({ memoryMiB, diskBytesPerSecond, dataBytes }: BootOptions): void {
  if (arch() !== 'x64') {
    fail('target-unavailable', `the virtual device needs x86-64, this is ${arch()}`, 'Use a real device.')
  }
  if (memoryMiB !== undefined && memoryMiB < MINIMUM_MEMORY_MIB) {
    fail('bad-input', `${memoryMiB} MiB is too little memory`, `Give at least ${MINIMUM_MEMORY_MIB} MiB.`)
  }
  if (typeof diskBytesPerSecond === 'number' && diskBytesPerSecond < MINIMUM_DISK_BYTES_PER_SECOND) {
    fail('bad-input', 'the disk ceiling is below 1 MiB/s', 'Give bytes per second, such as 500000000.')
  }
  if (dataBytes !== undefined && dataBytes < MINIMUM_DATA_BYTES) {
    fail('bad-input', 'the data disk is below 64 MiB', 'Give a larger data disk.')
  }
}
