import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportedRun } from '../../contract/run.ts'
import { runAdb } from '../../device/virtual/adbProgram.ts'
import { defaultCacheFolder, instanceFolder } from '../../device/virtual/deviceState.ts'
import { type DeviceOptions, startDevice, type VirtualDevice } from '../../device/virtual/virtualDevice.ts'
import { benchFolder } from './agent.ts'
import { terminalRun } from './terminalRun.ts'

/** A virtual device for measurements, with the lab pointed at its adb server. */
export type OwnDevice = {
  readonly device: VirtualDevice
  /** `options` of the terminal's `run`, beside the target. */
  readonly run: (options: readonly string[]) => ExportedRun
}

/** QEMU lets a tenth of a second's worth of the ceiling through at once (util/throttle.c: a bucket of avg / 10). */
const burstSeconds = 0.1

/** The ceiling in bytes per second at which a direct read of so much takes so long, after a rest. */
export function diskCeiling(bytes: number, readNs: number): number {
  return Math.round(bytes / (readNs / 1e9 + burstSeconds))
}

/** Boots a device that nobody else uses, and ends it whatever came of `use`. */
export async function withOwnDevice<T>(
  options: Omit<DeviceOptions, 'name'>,
  use: (own: OwnDevice) => T | Promise<T>,
): Promise<T> {
  const name = `bench-${process.pid}`
  const home = mkdtempSync(join(benchFolder(), 'home-'))
  const device = await startDevice({ ...options, name })
  const environment = { ANDROID_ADB_SERVER_PORT: `${device.adbServerPort}` }
  const target = ['--target', `adb:${device.serial}`]
  try {
    return await use({
      device,
      run: more => terminalRun({ options: [...target, ...more], home, environment }),
    })
  } finally {
    await device.stop()
    rmSync(instanceFolder(defaultCacheFolder(), name), { recursive: true, force: true })
    rmSync(home, { recursive: true, force: true })
  }
}

/** Shared memory has huge pages where a program asks for them; the module has its large pages without asking. */
export async function allowHugePages({ device }: OwnDevice): Promise<void> {
  const setting = '/sys/kernel/mm/transparent_hugepage/shmem_enabled'
  const done = await runAdb(device.adb, ['-s', device.serial, 'shell', `echo advise > ${setting}`])
  if (done.exitCode !== 0) throw new Error(`the device did not take ${setting}: ${done.stderr}`)
}
