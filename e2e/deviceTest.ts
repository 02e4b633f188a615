import { rmSync } from 'node:fs'
import { MiB } from '../contract/size.ts'
import { defaultCacheFolder, instanceFolder } from '../device/virtual/deviceState.ts'
import { startDevice, type VirtualDevice } from '../device/virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../device/virtual/whyNoVirtualDevice.ts'
import { test as labTest } from './labTest.ts'

/** A virtual device of the test's own, so that it may be killed. */
export type OwnDevice = {
  /** The same before and after a power failure. */
  readonly target: string
  /** Ends the emulator without a word to anybody, as a pulled cable would. */
  readonly kill: () => void
  readonly startAgain: () => Promise<void>
}

/** `labTest` with a device, and the lab on that device's own adb server. */
export const test = labTest.extend<{ virtualDevice: VirtualDevice; device: OwnDevice }>({
  virtualDevice: async ({ shell }, use) => {
    const reason = whyNoVirtualDevice()
    test.skip(reason !== null, `the virtual device ${reason}`)
    const name = `e2e-${shell.name.replaceAll(' ', '-')}-${process.pid}`
    const device = await startDevice({ ...hardware, name })
    await use(device)
    await device.stop()
    rmSync(instanceFolder(defaultCacheFolder(), name), { recursive: true, force: true })
  },
  environment: async ({ virtualDevice }, use) => {
    await use({ ANDROID_ADB_SERVER_PORT: `${virtualDevice.adbServerPort}` })
  },
  device: async ({ virtualDevice: { serial, state } }, use) => {
    const { name, devicePort, adbServerPort } = state
    let emulator = state.emulator.pid
    await use({
      target: `adb:${serial}`,
      kill: () => process.kill(emulator, 'SIGKILL'),
      startAgain: async () => {
        const again = await startDevice({ ...hardware, name, devicePort, adbServerPort })
        emulator = again.state.emulator.pid
      },
    })
  },
})

const hardware = { dataBytes: 512 * MiB, memoryMiB: 1024 }

export const expect = test.expect
