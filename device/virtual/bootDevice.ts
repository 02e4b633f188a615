import { rm } from 'node:fs/promises'
import { GiB } from '../../contract/size.ts'
import type { OpenArchive } from './aptPackages.ts'
import { archivesIn } from './aptPackages.ts'
import type { BootOptions } from './bootOptions.ts'
import { checkOptions, kernelArgumentsOf } from './bootOptions.ts'
import type { DataFileSystem } from './dataImage.ts'
import { createDataImage } from './dataImage.ts'
import type { DeviceState } from './deviceState.ts'
import {
  consoleLogIn,
  DEFAULT_NAME,
  dataImageIn,
  diskSocketIn,
  emulatorLogIn,
  vendorImageIn,
  writeState,
} from './deviceState.ts'
import { launchEmulator } from './emulator.ts'
import { withFolderLock } from './folderLock.ts'
import { freePort } from './freePort.ts'
import { ensureInitrd } from './guestImage.ts'
import type { GuestKernel, KernelFlavour } from './guestKernel.ts'
import { ensureGuestKernel } from './guestKernel.ts'
import type { HostProgram } from './hostPrograms.ts'
import { ensureAdb, ensureNbdkit, ensureQemu } from './hostPrograms.ts'
import { requireFileSystem } from './kernelFileSystem.ts'
import { openOwnKernel } from './ownKernel.ts'
import type { ProcessIdentity } from './processIdentity.ts'
import { endProcess } from './processIdentity.ts'
import type { GuestHardware } from './qemuCommand.ts'
import { serveSlowDisk } from './slowDisk.ts'
import { createVendorImage, VENDOR_FILE_SYSTEM } from './vendorImage.ts'

type Parts = {
  kernel: GuestKernel
  initrd: string
  qemu: HostProgram
  adb: HostProgram
  /** What makes the disk slow to answer; null where it is not to. */
  nbdkit: HostProgram | null
}

/** Debian's kernel for clouds has no f2fs. */
const DEFAULT_FLAVOURS: Record<DataFileSystem, KernelFlavour> = { ext4: 'cloud', f2fs: 'generic' }
const DEFAULT_FILE_SYSTEM = 'ext4'
const DEFAULT_MEMORY_MIB = 2048
const DEFAULT_DATA_BYTES = 4 * GiB
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
  const dataFileSystem = options.dataFileSystem ?? DEFAULT_FILE_SYSTEM
  const chosen = options.flavour ?? DEFAULT_FLAVOURS[dataFileSystem]
  const archive = archivesIn(cacheFolder)
  const kernel =
    options.ownKernel === undefined
      ? await ensureGuestKernel(cacheFolder, chosen, archive)
      : await openOwnKernel(options.ownKernel, folder)
  await requireFileSystem(kernel, dataFileSystem)
  if (options.vendorFolder !== undefined) await requireFileSystem(kernel, VENDOR_FILE_SYSTEM)
  const parts = await ensureParts(cacheFolder, archive, kernel, options)
  const hardware = await hardwareOf(folder, parts, options)
  const adbServerPort =
    options.adbServerPort ?? (await freePort(preferred(options.name, PREFERRED_ADB_SERVER_PORT)))
  if (options.vendorFolder !== undefined) await createVendorImage(vendorImageIn(folder), options.vendorFolder)
  await createDataImage(hardware.dataImage, options.dataBytes ?? DEFAULT_DATA_BYTES, dataFileSystem)
  await rm(hardware.consoleLog, { force: true })
  const state: DeviceState = {
    version: 1,
    name: options.name,
    emulator: await launch(folder, parts, hardware, options),
    serial: `127.0.0.1:${hardware.devicePort}`,
    devicePort: hardware.devicePort,
    adbProgram: parts.adb.path,
    adbLibraryPath: parts.adb.libraryPath,
    adbServerPort,
    arch: parts.kernel.arch,
    kernelRelease: parts.kernel.release,
    kernelBuildTree: parts.kernel.buildTree,
    flavour: options.ownKernel === undefined ? chosen : null,
    dataFileSystem,
    diskBytesPerSecond: hardware.diskBytesPerSecond,
    disk: hardware.disk,
    diskLatencyMs: options.diskLatencyMs ?? null,
    vendorFolder: options.vendorFolder ?? null,
    memoryMiB: hardware.memoryMiB,
    user: options.user ?? 'root',
    memoryGroupBytes: options.memoryGroupBytes ?? null,
    deniedPaths: [...(options.deniedPaths ?? [])],
    startedAt: new Date().toISOString(),
    module: null,
  }
  // Before the guest is up, so that `stop` finds an emulator whose guest never comes up.
  await writeState(folder, state)
  return state
}

function ensureParts(
  cacheFolder: string,
  archive: OpenArchive,
  kernel: GuestKernel,
  { user = 'root', diskLatencyMs }: BootOptions,
): Promise<Parts> {
  return withFolderLock(cacheFolder, PARTS_TIMEOUT_MS, async () => ({
    kernel,
    initrd: await ensureInitrd(cacheFolder, { kernel, user }, archive),
    qemu: await ensureQemu(cacheFolder, archive, kernel.arch),
    adb: await ensureAdb(cacheFolder, archive),
    nbdkit: diskLatencyMs === undefined ? null : await ensureNbdkit(cacheFolder, archive),
  }))
}

/** Starts the emulator, and what serves its data disk where that has a latency of its own. */
async function launch(
  folder: string,
  { qemu, nbdkit }: Parts,
  hardware: GuestHardware,
  { diskLatencyMs }: BootOptions,
): Promise<ProcessIdentity> {
  const log = emulatorLogIn(folder)
  if (nbdkit === null || diskLatencyMs === undefined) return launchEmulator(qemu, hardware, log)
  const disk = { image: hardware.dataImage, latencyMs: diskLatencyMs }
  const server = await serveSlowDisk(nbdkit, folder, disk)
  try {
    return await launchEmulator(qemu, hardware, log)
  } catch (thrown) {
    await endProcess(server, 0)
    throw thrown
  }
}

async function hardwareOf(
  folder: string,
  { kernel, initrd }: Parts,
  options: BootOptions & { name: string },
): Promise<GuestHardware> {
  return {
    arch: kernel.arch,
    kernel: kernel.bare ?? kernel.vmlinuz,
    initrd,
    kernelArguments: kernelArgumentsOf(options),
    consoleLog: consoleLogIn(folder),
    dataImage: dataImageIn(folder),
    vendorImage: options.vendorFolder === undefined ? null : vendorImageIn(folder),
    memoryMiB: options.memoryMiB ?? DEFAULT_MEMORY_MIB,
    devicePort: options.devicePort ?? (await freePort(preferred(options.name, PREFERRED_DEVICE_PORT))),
    disk: options.disk ?? 'virtio',
    diskBytesPerSecond: options.diskBytesPerSecond ?? null,
    diskSocket: options.diskLatencyMs === undefined ? null : diskSocketIn(folder),
  }
}

function preferred(name: string, port: number): number | null {
  return name === DEFAULT_NAME ? port : null
}
