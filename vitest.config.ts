import { defineConfig } from 'vitest/config'

/** Tests that boot the virtual device. Its emulated processors would disturb what the others time. */
const onVirtualDevice = [
  'device/agent/test/patchedKernels.test.ts',
  'device/agent/test/virtualDevice.test.ts',
  'device/loader/loader.test.ts',
  'device/module/module.test.ts',
  'device/virtual/virtualDevice.test.ts',
  'engine/adb/adbDevicePort.test.ts',
  'engine/targets/adb.test.ts',
  'main/lab/severalDevices.test.ts',
]

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{contract,findings,model,locks,engine,db,main,preload,renderer,device,scripts}/**/*.test.{ts,tsx}',
          ],
          exclude: onVirtualDevice,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'device',
          include: onVirtualDevice,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
