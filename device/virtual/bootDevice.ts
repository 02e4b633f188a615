import { rm } from 'node:fs/promises'
import { arch } from 'node:os'
import { fail } from '../../contract/error.ts'
import { GiB, MiB } from '../../contract/size.ts'
import type { OpenArchive } from './aptPackages.ts'
import { archivesIn } from './aptPackages.ts'
import type { DataFileSystem } from './dataImage.ts'
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
import { requireFileSystem } from './kernelFileSystem.ts'
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
  dataFileSystem?: DataFileSystem
  /** Of the data disk, as mount(8) takes them, such as `checkpoint=disable`. */
  dataMountOptions?: string
  flavour?: KernelFlavour
  /** Boots this kernel in place of a flavour. */
  ownKernel?: OwnKernel
  /** Added to the kernel's command line, such as `slab_debug=FZPU`. */
  kernelArguments?: string
}

type Parts = { kernel: GuestKernel; initrd: string; qemu: HostProgram; adb: HostProgram }

/** Debian's kernel for clouds has no f2fs. */
const DEFAULT_FLAVOURS: Record<DataFileSystem, KernelFlavour> = { ext4: 'cloud', f2fs: 'generic' }
const DEFAULT_FILE_SYSTEM = 'ext4'
/**
 * What the protected heaps are made of (device/heaps): memory set aside at boot, and an area of CMA. The other kernels
 * export no dma_heap_add().
 */
const PROTECTED_MEMORY = 'reserve_mem=32M:4096:dmabuf_lab_cm cma=64M'
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
  const dataFileSystem = options.dataFileSystem ?? DEFAULT_FILE_SYSTEM
  const chosen = options.flavour ?? DEFAULT_FLAVOURS[dataFileSystem]
  const archive = archivesIn(cacheFolder)
  const kernel =
    options.ownKernel === undefined
      ? await ensureGuestKernel(cacheFolder, chosen, archive)
      : await openOwnKernel(options.ownKernel, folder)
  await requireFileSystem(kernel, dataFileSystem)
  const parts = await ensureParts(cacheFolder, kernel, archive)
  const hardware = await hardwareOf(folder, parts, options)
  const adbServerPort =
    options.adbServerPort ?? (await freePort(preferred(options.name, PREFERRED_ADB_SERVER_PORT)))
  await createDataImage(hardware.dataImage, options.dataBytes ?? DEFAULT_DATA_BYTES, dataFileSystem)
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
    flavour: options.ownKernel === undefined ? chosen : null,
    dataFileSystem,
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
    kernelArguments: kernelArgumentsOf(options),
    consoleLog: consoleLogIn(folder),
    dataImage: dataImageIn(folder),
    memoryMiB: options.memoryMiB ?? DEFAULT_MEMORY_MIB,
    devicePort: options.devicePort ?? (await freePort(preferred(options.name, PREFERRED_DEVICE_PORT))),
    diskBytesPerSecond: options.diskBytesPerSecond ?? null,
  }
}

/** The guest's init mounts the data disk by what it finds here. */
function kernelArgumentsOf(options: BootOptions): string {
  const { kernelArguments, dataFileSystem, dataMountOptions, flavour, ownKernel } = options
  const protects = ownKernel === undefined && hasProtectedHeaps(flavour ?? null)
  return [
    ...(protects ? [PROTECTED_MEMORY] : []),
    ...(dataFileSystem === undefined ? [] : [`data_file_system=${dataFileSystem}`]),
    ...(dataMountOptions === undefined ? [] : [`data_mount_options=${dataMountOptions}`]),
    ...(kernelArguments === undefined ? [] : [kernelArguments]),
  ].join(' ')
}

/** Whether the module of the protected heaps can be loaded into the kernel of that flavour. */
export function hasProtectedHeaps(flavour: KernelFlavour | null): boolean {
  return flavour === 'newest'
}

function preferred(name: string, port: number): number | null {
  return name === DEFAULT_NAME ? port : null
}

function checkOptions(options: BootOptions): void {
  const { memoryMiB, diskBytesPerSecond, dataBytes, dataMountOptions } = options
  if (arch() !== 'x64') {
    fail('target-unavailable', `the virtual device needs x86-64, this is ${arch()}`, 'Use a real device.')
  }
  if (memoryMiB !== undefined && memoryMiB < MINIMUM_MEMORY_MIB) {
    fail('bad-input', `${memoryMiB} MiB is too little memory`, `Give at least ${MINIMUM_MEMORY_MIB} MiB.`)
  }
  if (typeof diskBytesPerSecond === 'number' && diskBytesPerSecond < MINIMUM_DISK_BYTES_PER_SECOND) {
    fail('bad-input', 'the disk ceiling is below 1 MiB/s', 'Give bytes per second, such as 500000000.')
  }
  if (dataMountOptions !== undefined && !/^[A-Za-z0-9_=:,.-]+$/.test(dataMountOptions)) {
    fail('bad-input', `"${dataMountOptions}" are no mount options`, 'Give them as mount -o takes them.')
  }
  if (dataBytes !== undefined && dataBytes < MINIMUM_DATA_BYTES) {
    fail('bad-input', 'the data disk is below 64 MiB', 'Give a larger data disk.')
  }
}
