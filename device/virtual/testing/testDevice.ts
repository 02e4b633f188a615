import { rm } from 'node:fs/promises'
import { inject } from 'vitest'
import { defaultCacheFolder, instanceFolder } from '../deviceState.ts'
import { type DeviceOptions, startDevice, type VirtualDevice } from '../virtualDevice.ts'

/** Where a test gets its device from, and how it gives it back. */
export type TestDevice = {
  /** Starts it, or gives the one that runs. */
  readonly start: () => Promise<VirtualDevice>
  readonly end: () => Promise<void>
}

/** Slow enough that a reader who is killed is most often in the middle of a read. */
export const suiteDiskBytesPerSecond = 400_000_000

/**
 * The device that files share, with the kernel module: booted by the first that asks, ended with the suite. Its kernel is
 * the generic one, the only one that has another driver for the module's buffers.
 * A test leaves it as it found it; one that kills it or its adb server takes a device of its own.
 */
export const suiteDevice: TestDevice = {
  start: () =>
    startDevice({
      name: inject('suiteDeviceName'),
      flavour: 'generic',
      module: true,
      diskBytesPerSecond: suiteDiskBytesPerSecond,
    }),
  end: async () => {},
}

/** A device of the test's own. */
export function ownDevice(options: DeviceOptions & { name: string }): TestDevice {
  let device: VirtualDevice | null = null
  return {
    start: async () => {
      device = await startDevice(options)
      return device
    },
    end: async () => {
      await device?.stop()
      await rm(instanceFolder(defaultCacheFolder(), options.name), { recursive: true, force: true })
    },
  }
}
