import { mkdir, rm } from 'node:fs/promises'
import { arch } from 'node:os'
import { join } from 'node:path'
import { fail } from '../../contract/error.ts'
import { GiB, MiB } from '../../contract/size.ts'
import { buildModule } from '../module/build.ts'
import type { Adb } from './adbProgram.ts'
import { answers, connectDevice, runAdb } from './adbProgram.ts'
import { archivesIn } from './aptPackages.ts'
import { createDataImage } from './dataImage.ts'
import type { DeviceState } from './deviceState.ts'
import {
  defaultCacheFolder,
  instanceFolder,
  readEmulator,
  readState,
  removeState,
  writeState,
} from './deviceState.ts'
import { launchEmulator, waitForAdbd } from './emulator.ts'
import { withFolderLock } from './folderLock.ts'
import { freePort } from './freePort.ts'
import { ensureGuestImage } from './guestImage.ts'
import type { KernelFlavour } from './guestKernel.ts'
import { isModuleLoaded, loadModule } from './guestModule.ts'
import { ensureAdb, ensureQemu } from './hostPrograms.ts'
import { endProcess, isAlive } from './processIdentity.ts'

export type DeviceOptions = {
  /** Several devices can run at once, one per name. */
  name?: string
  cacheFolder?: string
  devicePort?: number
  adbServerPort?: number
  /** Read ceiling of the data disk; null or absent: as fast as the host. */
  diskBytesPerSecond?: number | null
  memoryMiB?: number
  dataBytes?: number
  flavour?: KernelFlavour
  /** Build and load the kernel module. */
  module?: boolean
}

export type VirtualDevice = {
  serial: string
  adbServerPort: number
  state: DeviceState
  adb: Adb
  /** True where `startDevice` found it already running. */
  wasRunning: boolean
  stop(): Promise<void>
}

export type DeviceStatus =
  | { running: false; name: string; reason: string }
  | { running: true; name: string; answering: boolean; moduleLoaded: boolean; state: DeviceState }

export const DEFAULT_NAME = 'device'
const DEFAULT_MEMORY_MIB = 2048
const DEFAULT_DATA_BYTES = 4 * GiB
const MINIMUM_MEMORY_MIB = 256
// Outside 5554-5585, where adb servers look for emulators.
const PREFERRED_DEVICE_PORT = 5637
const PREFERRED_ADB_SERVER_PORT = 5137
// A first start downloads about 60 MB.
const LOCK_TIMEOUT_MS = 10 * 60_000
const STOP_GRACE_MS = 3_000

/**
 * Starts the device, or gives the one of that name that already runs.
 * @throws LabFailure `target-unavailable` where it cannot run, with the way out as its hint.
 */
export async function startDevice(options: DeviceOptions = {}): Promise<VirtualDevice> {
  checkOptions(options)
  if (arch() !== 'x64') {
    fail(
      'target-unavailable',
      `the virtual device needs an x86-64 host, this one is ${arch()}`,
      'Use a real device.',
    )
  }
  const cacheFolder = options.cacheFolder ?? defaultCacheFolder()
  const folder = instanceFolder(cacheFolder, options.name ?? DEFAULT_NAME)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return withFolderLock(folder, LOCK_TIMEOUT_MS, async () => {
    const state = await readState(folder)
    const wasRunning = state !== null && isAlive(state.emulator)
    if (!wasRunning) await endLeftover(folder)
    const running = wasRunning ? state : await boot(cacheFolder, folder, options)
    return deviceOf(
      cacheFolder,
      await withModule(cacheFolder, folder, running, options.module ?? false),
      wasRunning,
    )
  })
}

/** The device of that name, if it runs. */
export async function runningDevice(
  name = DEFAULT_NAME,
  cacheFolder = defaultCacheFolder(),
): Promise<VirtualDevice | null> {
  const folder = instanceFolder(cacheFolder, name)
  const state = await readState(folder)
  return state !== null && isAlive(state.emulator) ? deviceOf(cacheFolder, state, true) : null
}

/** Ends the emulator and its adb server, whatever state they are in; false where there was nothing to end. */
export async function stopDevice(name = DEFAULT_NAME, cacheFolder = defaultCacheFolder()): Promise<boolean> {
  const folder = instanceFolder(cacheFolder, name)
  return withFolderLock(folder, LOCK_TIMEOUT_MS, async () => {
    const state = await readState(folder)
    const emulator = await readEmulator(folder)
    const wasRunning = emulator !== null && isAlive(emulator)
    if (state === null) await endLeftover(folder)
    else await stop(folder, state)
    return wasRunning
  })
}

/** What is true now, not what was written at the start: is the emulator alive, does adb answer. */
export async function deviceStatus(
  name = DEFAULT_NAME,
  cacheFolder = defaultCacheFolder(),
): Promise<DeviceStatus> {
  const state = await readState(instanceFolder(cacheFolder, name))
  if (state === null) return { running: false, name, reason: 'not started' }
  if (!isAlive(state.emulator)) {
    return { running: false, name, reason: `the emulator (process ${state.emulator.pid}) has ended` }
  }
  const answering = await answers(adbOf(state), state.serial)
  const moduleLoaded = answering && (await isModuleLoaded(adbOf(state), state.serial))
  return { running: true, name, answering, moduleLoaded, state }
}

async function boot(cacheFolder: string, folder: string, options: DeviceOptions): Promise<DeviceState> {
  const flavour = options.flavour ?? 'cloud'
  const { image, qemu, adb } = await withFolderLock(cacheFolder, LOCK_TIMEOUT_MS, async () => {
    const archive = archivesIn(cacheFolder)
    return {
      image: await ensureGuestImage(cacheFolder, flavour, archive),
      qemu: await ensureQemu(cacheFolder, archive),
      adb: await ensureAdb(cacheFolder, archive),
    }
  })
  const hardware = {
    kernel: image.kernel,
    initrd: image.initrd,
    consoleLog: join(folder, 'console.log'),
    dataImage: join(folder, 'data.img'),
    memoryMiB: options.memoryMiB ?? DEFAULT_MEMORY_MIB,
    devicePort: options.devicePort ?? (await freePort(PREFERRED_DEVICE_PORT)),
    diskBytesPerSecond: options.diskBytesPerSecond ?? null,
  }
  await createDataImage(hardware.dataImage, options.dataBytes ?? DEFAULT_DATA_BYTES)
  await rm(hardware.consoleLog, { force: true })
  const emulator = await launchEmulator(qemu, hardware, join(folder, 'qemu.log'))
  const state: DeviceState = {
    version: 1,
    name: options.name ?? DEFAULT_NAME,
    emulator,
    serial: `127.0.0.1:${hardware.devicePort}`,
    devicePort: hardware.devicePort,
    adbProgram: adb.path,
    adbLibraryPath: adb.libraryPath,
    adbServerPort: options.adbServerPort ?? (await freePort(PREFERRED_ADB_SERVER_PORT)),
    kernelRelease: image.kernelRelease,
    flavour,
    diskBytesPerSecond: hardware.diskBytesPerSecond,
    memoryMiB: hardware.memoryMiB,
    startedAt: new Date().toISOString(),
    module: null,
  }
  // Written before the wait, so that `stop` finds an emulator whose guest never came up.
  await writeState(folder, state)
  try {
    await waitForAdbd(emulator, hardware.consoleLog, join(folder, 'qemu.log'))
    await connectDevice(adbOf(state), state.serial)
  } catch (error) {
    await stop(folder, state)
    throw error
  }
  return state
}

/** A state that this version cannot read may still name an emulator, which holds the data disk. */
async function endLeftover(folder: string): Promise<void> {
  const emulator = await readEmulator(folder)
  if (emulator !== null) await endProcess(emulator, STOP_GRACE_MS)
  await removeState(folder)
}

/** Loads the module as it is built now, unless that very one is loaded. */
async function withModule(
  cacheFolder: string,
  folder: string,
  state: DeviceState,
  wanted: boolean,
): Promise<DeviceState> {
  if (!wanted) return state
  const module = await buildModule(cacheFolder, { release: state.kernelRelease, flavour: state.flavour })
  const adb = adbOf(state)
  if (state.module === module && (await isModuleLoaded(adb, state.serial))) return state
  await loadModule(adb, state.serial, module)
  const loaded = { ...state, module }
  await writeState(folder, loaded)
  return loaded
}

function checkOptions(options: DeviceOptions): void {
  const { memoryMiB, diskBytesPerSecond, dataBytes } = options
  if (memoryMiB !== undefined && memoryMiB < MINIMUM_MEMORY_MIB) {
    fail('bad-input', `${memoryMiB} MiB is too little memory`, `Give at least ${MINIMUM_MEMORY_MIB} MiB.`)
  }
  if (typeof diskBytesPerSecond === 'number' && diskBytesPerSecond < MiB) {
    fail('bad-input', 'the disk ceiling is below 1 MiB/s', 'Give bytes per second, such as 500000000.')
  }
  if (dataBytes !== undefined && dataBytes < 64 * MiB) {
    fail('bad-input', 'the data disk is below 64 MiB', 'Give a larger data disk.')
  }
}

function deviceOf(cacheFolder: string, state: DeviceState, wasRunning: boolean): VirtualDevice {
  return {
    serial: state.serial,
    adbServerPort: state.adbServerPort,
    state,
    adb: adbOf(state),
    wasRunning,
    stop: async () => {
      await stopDevice(state.name, cacheFolder)
    },
  }
}

async function stop(folder: string, state: DeviceState): Promise<void> {
  await endProcess(state.emulator, STOP_GRACE_MS)
  await runAdb(adbOf(state), ['kill-server'])
  await rm(join(folder, 'data.img'), { force: true })
  await removeState(folder)
}

function adbOf(state: DeviceState): Adb {
  return { program: state.adbProgram, libraryPath: state.adbLibraryPath, serverPort: state.adbServerPort }
}
