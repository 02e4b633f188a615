import { mkdir, rm } from 'node:fs/promises'
import { buildModule, heapsModule, type KernelModule, udmabufModule } from '../module/build.ts'
import type { Adb } from './adbProgram.ts'
import { answers, connectDevice, runAdb } from './adbProgram.ts'
import { bootDevice } from './bootDevice.ts'
import type { BootOptions } from './bootOptions.ts'
import type { DeviceState } from './deviceState.ts'
import {
  consoleLogIn,
  DEFAULT_NAME,
  dataImageIn,
  defaultCacheFolder,
  emulatorLogIn,
  instanceFolder,
  readEmulator,
  readState,
  removeState,
  vendorImageIn,
  writeState,
} from './deviceState.ts'
import { waitForAdbd } from './emulator.ts'
import { withFolderLock } from './folderLock.ts'
import { isNewest } from './guestKernel.ts'
import { isLoaded, isModuleLoaded, loadModule } from './guestModule.ts'
import { endProcess, isAlive } from './processIdentity.ts'

export type DeviceOptions = BootOptions & {
  /** Several devices can run at once, one per name. */
  name?: string
  cacheFolder?: string
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

// A first start downloads about 60 MB.
const LOCK_TIMEOUT_MS = 10 * 60_000
// Seconds as a rule, minutes for a kernel that checks itself; of the user's own, or a busy machine, nobody knows.
const BOOT_TIMEOUT_MS = 5 * 60_000
const STOP_GRACE_MS = 3_000

/**
 * Starts the device, or gives the one of that name that already runs.
 * @throws LabFailure `target-unavailable` where it cannot run, with the way out as its hint.
 */
export async function startDevice(options: DeviceOptions = {}): Promise<VirtualDevice> {
  const name = options.name ?? DEFAULT_NAME
  const cacheFolder = options.cacheFolder ?? defaultCacheFolder()
  const folder = instanceFolder(cacheFolder, name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return withFolderLock(folder, LOCK_TIMEOUT_MS, async () => {
    const known = await readState(folder)
    const wasRunning = known !== null && isAlive(known.emulator)
    if (!wasRunning) await endLeftover(folder)
    const booted = wasRunning ? known : await bootDevice(cacheFolder, folder, { ...options, name })
    await connect(folder, booted, wasRunning)
    if (booted.flavour === 'oldest') await withModuleOnce(cacheFolder, booted, udmabufModule)
    const state = options.module ? await withModule(cacheFolder, folder, booted) : booted
    return deviceOf(cacheFolder, state, wasRunning)
  })
}

/** Waits for the guest and connects adb; one that just booted and cannot be reached is ended again. */
async function connect(folder: string, state: DeviceState, wasRunning: boolean): Promise<void> {
  if (wasRunning && (await answers(adbOf(state), state.serial))) return
  try {
    await waitForAdbd(state.emulator, {
      consoleLog: consoleLogIn(folder),
      logFile: emulatorLogIn(folder),
      timeoutMs: BOOT_TIMEOUT_MS,
    })
    await connectDevice(adbOf(state), state.serial)
  } catch (error) {
    if (!wasRunning) await stop(folder, state)
    throw error
  }
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

/** A state that this version cannot read may still name an emulator, which holds the data disk. */
async function endLeftover(folder: string): Promise<void> {
  const emulator = await readEmulator(folder)
  if (emulator !== null) await endProcess(emulator, STOP_GRACE_MS)
  await removeState(folder)
}

/** Loads the module as it is built now, unless that very one is loaded. */
async function withModule(cacheFolder: string, folder: string, state: DeviceState): Promise<DeviceState> {
  const module = await buildModule(cacheFolder, state)
  const adb = adbOf(state)
  if (isNewest(state.flavour)) await withModuleOnce(cacheFolder, state, heapsModule)
  if (state.module === module && (await isModuleLoaded(adb, state.serial))) return state
  await loadModule(adb, state.serial, module)
  const loaded = { ...state, module }
  await writeState(folder, loaded)
  return loaded
}

/** Heaps cannot be removed and buffers may be in use, so a module that is there stays. */
async function withModuleOnce(cacheFolder: string, state: DeviceState, module: KernelModule): Promise<void> {
  if (await isLoaded(adbOf(state), state.serial, module.name)) return
  await loadModule(adbOf(state), state.serial, await buildModule(cacheFolder, state, module))
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
  for (const image of [dataImageIn(folder), vendorImageIn(folder)]) await rm(image, { force: true })
  await removeState(folder)
}

function adbOf(state: DeviceState): Adb {
  return { program: state.adbProgram, libraryPath: state.adbLibraryPath, serverPort: state.adbServerPort }
}
