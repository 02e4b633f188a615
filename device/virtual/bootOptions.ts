import { arch } from 'node:os'
import { fail } from '../../contract/error.ts'
import { MiB } from '../../contract/size.ts'
import type { DataFileSystem } from './dataImage.ts'
import { isNewest, type KernelFlavour } from './guestKernel.ts'
import type { GuestUser } from './guestPhone.ts'
import type { OwnKernel } from './ownKernel.ts'
import type { DiskKind } from './qemuCommand.ts'
import { diskDevices, vendorDiskNodes } from './qemuCommand.ts'

export type BootOptions = {
  devicePort?: number
  adbServerPort?: number
  disk?: DiskKind
  /** Read ceiling of the data disk; null or absent: as fast as the host. */
  diskBytesPerSecond?: number | null
  /** What each of its reads takes at least; up to 16 of them do not wait for each other. */
  diskLatencyMs?: number
  memoryMiB?: number
  dataBytes?: number
  dataFileSystem?: DataFileSystem
  /** Of the data disk, as mount(8) takes them, such as `checkpoint=disable`. */
  dataMountOptions?: string
  /** A folder of the host, to be found at /vendor on a disk of its own: erofs, read-only. */
  vendorFolder?: string
  flavour?: KernelFlavour
  /** Boots this kernel in place of a flavour. */
  ownKernel?: OwnKernel
  /** Added to the kernel's command line, such as `slab_debug=FZPU`. */
  kernelArguments?: string
  /** Whom adb lets in; root unless told. */
  user?: GuestUser
  /** What adb's processes may use together, by a memory control group. */
  memoryGroupBytes?: number
  /** What the user may not open, whatever owners and modes say. */
  deniedPaths?: readonly string[]
}

/**
 * What the protected heaps are made of (device/heaps): memory set aside at boot, and an area of CMA. The other kernels
 * export no dma_heap_add().
 */
const PROTECTED_MEMORY = 'reserve_mem=32M:4096:dmabuf_lab_cm cma=64M'
const MINIMUM_MEMORY_MIB = 256
const MINIMUM_DATA_BYTES = 64 * MiB
const MINIMUM_DISK_BYTES_PER_SECOND = MiB
/** adbd and a shell need some. */
const MINIMUM_MEMORY_GROUP_BYTES = 32 * MiB
const MOST_LATENCY_MS = 1000

/** @throws LabFailure `bad-input` for what makes no device. */
export function checkOptions(options: BootOptions): void {
  if (arch() !== 'x64') {
    fail('target-unavailable', `the virtual device needs x86-64, this is ${arch()}`, 'Use a real device.')
  }
  checkMemory(options)
  checkDisk(options)
  checkDenied(options)
  checkOldest(options)
}

function checkMemory({ memoryMiB, memoryGroupBytes }: BootOptions): void {
  if (memoryMiB !== undefined && memoryMiB < MINIMUM_MEMORY_MIB) {
    fail('bad-input', `${memoryMiB} MiB is too little memory`, `Give at least ${MINIMUM_MEMORY_MIB} MiB.`)
  }
  if (memoryGroupBytes !== undefined && memoryGroupBytes < MINIMUM_MEMORY_GROUP_BYTES) {
    fail('bad-input', 'the memory control group is below 32 MiB', 'Give a larger one.')
  }
}

function checkDisk({ diskBytesPerSecond, diskLatencyMs, dataBytes, dataMountOptions }: BootOptions): void {
  if (typeof diskBytesPerSecond === 'number' && diskBytesPerSecond < MINIMUM_DISK_BYTES_PER_SECOND) {
    fail('bad-input', 'the disk ceiling is below 1 MiB/s', 'Give bytes per second, such as 500000000.')
  }
  if (diskLatencyMs !== undefined && diskLatencyMs > MOST_LATENCY_MS) {
    fail('bad-input', 'the disk latency is above one second', 'Give milliseconds, such as 2.')
  }
  if (dataMountOptions !== undefined && !/^[A-Za-z0-9_=:,.-]+$/.test(dataMountOptions)) {
    fail('bad-input', `"${dataMountOptions}" are no mount options`, 'Give them as mount -o takes them.')
  }
  if (dataBytes !== undefined && dataBytes < MINIMUM_DATA_BYTES) {
    fail('bad-input', 'the data disk is below 64 MiB', 'Give a larger data disk.')
  }
}

/** What lies beside a denied path is looked up once, at the start: nodes and settings stay, processes and files do not. */
const DENIABLE_PATH = /^\/(dev|sys)(\/(?!\.{1,2}(\/|$))[A-Za-z0-9_.:-]+)+$/

function checkOldest({ flavour, user }: BootOptions): void {
  if (flavour === 'oldest' && user === 'shell')
    fail(
      'bad-input',
      'the oldest kernel gets udmabuf as a module, which root loads',
      'Leave out --user shell.',
    )
}

function checkDenied({ deniedPaths = [], user }: BootOptions): void {
  const wrong = deniedPaths.find(path => !DENIABLE_PATH.test(path))
  if (wrong !== undefined) {
    fail('bad-input', `"${wrong}" cannot be denied`, 'Give paths below /dev or /sys, such as /dev/udmabuf.')
  }
  if (deniedPaths.length > 0 && user !== 'shell')
    fail('bad-input', 'paths are denied to the user shell only', 'Add --user shell.')
}

/** The guest's init finds these in its environment: the kernel hands on what it does not know. */
export function kernelArgumentsOf(options: BootOptions): string {
  const told: Record<string, string | undefined> = {
    data_disk: diskDevices[options.disk ?? 'virtio'].node,
    data_file_system: options.dataFileSystem,
    data_mount_options: options.dataMountOptions,
    vendor_disk: options.vendorFolder && vendorDiskNodes[options.disk ?? 'virtio'],
    adb_user: options.user,
    adb_memory_bytes: options.memoryGroupBytes?.toString(),
    adb_denied: options.deniedPaths?.join(),
  }
  const words = Object.entries(told).flatMap(([name, value]) => (value ? [`${name}=${value}`] : []))
  const { flavour, ownKernel, kernelArguments } = options
  if (ownKernel === undefined && isNewest(flavour ?? null)) words.push(PROTECTED_MEMORY)
  return [...words, ...(kernelArguments === undefined ? [] : [kernelArguments])].join(' ')
}
