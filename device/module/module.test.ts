import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runAdb } from '../virtual/adbProgram.ts'
import { defaultCacheFolder, instanceFolder } from '../virtual/deviceState.ts'
import { findProgram } from '../virtual/findProgram.ts'
import type { DeviceOptions, VirtualDevice } from '../virtual/virtualDevice.ts'
import { startDevice } from '../virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../virtual/whyNoVirtualDevice.ts'
import { pushModuleTest, runModuleTest } from './runModuleTest.ts'
import { parseTap } from './tap.ts'

const BOOT_TIMEOUT_MS = 300_000
const TEST_TIMEOUT_MS = 120_000
// The full minute is run by hand; see docs/kernel-module.md.
const STRESS_SECONDS = 5
const STRESS_CALLERS = 200
// Slow enough that a caller that is killed is most often in the middle of a read.
const DISK_BYTES_PER_SECOND = 400_000_000

const reason =
  whyNoVirtualDevice() ?? (findProgram('gcc') && findProgram('make') ? null : 'needs gcc and make')
const skipped = reason === null ? '' : ` (skipped: ${reason})`

/** A device of its own with the module and its test program. */
function deviceWithModule(options: DeviceOptions) {
  const name = options.name ?? ''
  let device: VirtualDevice

  beforeAll(async () => {
    device = await startDevice({ ...options, module: true })
    await pushModuleTest(device)
  }, BOOT_TIMEOUT_MS)

  afterAll(async () => {
    await device?.stop()
    await rm(instanceFolder(defaultCacheFolder(), name), { recursive: true, force: true })
  })

  const shell = async (command: string) => {
    const result = await runAdb(device.adb, ['-s', device.serial, 'shell', command], TEST_TIMEOUT_MS)
    return { exitCode: result.exitCode, text: result.stdout.toString('utf8').trim() }
  }
  const runTests = async (test: string, ...numbers: number[]) => {
    const result = await runModuleTest(device, test, numbers, TEST_TIMEOUT_MS)
    const report = parseTap(result.stdout.toString('utf8'))
    for (const note of report.notes) process.stdout.write(`  ${note}\n`)
    return { ...report, exitCode: result.exitCode }
  }
  /** Nothing failed, everything planned was run, and that is at least `count` checks. */
  const expectAllPassed = (report: Awaited<ReturnType<typeof runTests>>, count: number) => {
    expect(report).toMatchObject({ failed: [], bailedOut: null, exitCode: 0 })
    expect(report.passed.length).toBe(report.planned)
    expect(report.passed.length).toBeGreaterThanOrEqual(count)
  }
  /** What the kernel itself complains of: warnings, oopses, hung tasks. */
  const kernelComplaints = async () =>
    (await shell("dmesg | grep -E 'WARNING|BUG|Oops|Call Trace|blocked for'")).text
  return { shell, runTests, expectAllPassed, kernelComplaints }
}

describe.skipIf(reason !== null)(`kernel module${skipped}`, () => {
  const on = deviceWithModule({
    name: `module-test-${process.pid}`,
    diskBytesPerSecond: DISK_BYTES_PER_SECOND,
  })

  test(
    'loads every size in every mode, byte for byte',
    async () => on.expectAllPassed(await on.runTests('content'), 240),
    TEST_TIMEOUT_MS,
  )
  test(
    'refuses what it must',
    async () => on.expectAllPassed(await on.runTests('refusals'), 50),
    TEST_TIMEOUT_MS,
  )
  test(
    'an I/O error in the middle of a file leaves nothing behind',
    async () => on.expectAllPassed(await on.runTests('io-error'), 13),
    TEST_TIMEOUT_MS,
  )
  test(
    `${STRESS_CALLERS} callers killed at random leave nothing behind`,
    async () => {
      on.expectAllPassed(await on.runTests('kill-stress', STRESS_SECONDS, STRESS_CALLERS), 7)
    },
    TEST_TIMEOUT_MS,
  )
  test('unloads, and the kernel has nothing to complain of', async () => {
    expect(await on.shell('rmmod dmabuf_lab && ls /sys/module/dmabuf_lab')).toMatchObject({ exitCode: 1 })
    expect(await on.kernelComplaints()).toBe('')
  })
})

describe.skipIf(reason !== null)(`kernel module beside vgem${skipped}`, () => {
  const on = deviceWithModule({ name: `import-test-${process.pid}`, flavour: 'generic' })

  test(
    'another driver imports its buffers',
    async () => {
      on.expectAllPassed(await on.runTests('import'), 9)
      expect(await on.kernelComplaints()).toBe('')
    },
    TEST_TIMEOUT_MS,
  )
})

// It downloads another 150 MB and boots a third device.
const newest = process.env.DMABUF_LAB_NEWEST_KERNEL === '1'
const whyNotNewest = reason ?? (newest ? null : 'set DMABUF_LAB_NEWEST_KERNEL=1')
const newestSkipped = whyNotNewest === null ? '' : ` (skipped: ${whyNotNewest})`

describe.skipIf(whyNotNewest !== null)(`kernel module on Debian's newest kernel${newestSkipped}`, () => {
  const on = deviceWithModule({
    name: `newest-test-${process.pid}`,
    flavour: 'newest',
    diskBytesPerSecond: DISK_BYTES_PER_SECOND,
  })

  test.each([
    ['content', 240],
    ['refusals', 50],
    ['io-error', 13],
  ])('%s', async (name, count) => on.expectAllPassed(await on.runTests(name), count), TEST_TIMEOUT_MS)
  test('the kernel has nothing to complain of', async () => expect(await on.kernelComplaints()).toBe(''))
})
