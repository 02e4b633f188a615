import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Limits are for what hangs; no test is to fail because the machine does something else as well. */
const hangMs = 10 * 60_000

/** Tests on the one virtual device that they share. */
const onSharedDevice = [
  'device/agent/test/virtualDevice.test.ts',
  'device/loader/loader.test.ts',
  'device/module/module.test.ts',
  'engine/adb/adbDevicePort.test.ts',
  'engine/targets/adb.test.ts',
  'scripts/fileStates.test.ts',
]

/** Tests that kill a virtual device, or need another kind of it. */
const onOwnDevices = [
  'device/agent/test/{arm64Device,otherKernels,patchedKernels}.test.ts',
  'device/lockdep/lockdep.test.ts',
  'device/virtual/virtualDevice.test.ts',
  'engine/targets/lostDevice.test.ts',
  'main/lab/severalDevices.test.ts',
  'scripts/ordinaryUser.test.ts',
]
const onVirtualDevice = [...onSharedDevice, ...onOwnDevices]

/** Tests that compile the agent, run agents, engines and terminals as the processes they are, or compute for long. */
const onProcesses = [
  'db/openStore.processes.test.ts',
  'device/agent/**/*.test.ts',
  'engine/adb/adbServer.test.ts',
  'engine/agent/contract.test.ts',
  'engine/targets/local.test.ts',
  'engine/worker.test.ts',
  'main/cli/{clean,log,modelCommands,privateData,run,serve,usage}.test.ts',
  'scripts/surroundings.test.ts',
  'main/electron/utilityEngine.test.ts',
  'main/lab/{engineLog,forkedEngine,lab}.test.ts',
  'main/lab/log/logFile.test.ts',
  'model/calibration.test.ts',
  'scripts/torture/cases.test.ts',
  'scripts/packaging/package.test.ts',
]

export default defineConfig({
  test: {
    testTimeout: hangMs,
    hookTimeout: hangMs,
    expect: { poll: { timeout: hangMs } },
    maxWorkers: availableParallelism(),
    setupFiles: ['scripts/ownClaim.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // One loading of the modules for all files takes half the processor time; each test cleans up after itself.
          isolate: false,
          include: ['**/*.test.{ts,tsx}'],
          exclude: ['node_modules', 'out', ...onVirtualDevice, ...onProcesses],
        },
      },
      {
        extends: true,
        // As `unit`: what these test lives in other processes, and loading the modules for each file took longer.
        test: { name: 'processes', isolate: false, include: onProcesses, exclude: onVirtualDevice },
      },
      {
        extends: true,
        test: {
          name: 'device',
          include: onSharedDevice,
          globalSetup: 'device/virtual/testing/endSuiteDevice.ts',
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'own devices',
          include: onOwnDevices,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
