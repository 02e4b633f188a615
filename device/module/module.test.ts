import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runAdb } from '../virtual/adbProgram.ts'
import { archivesIn } from '../virtual/aptPackages.ts'
import { defaultCacheFolder } from '../virtual/deviceState.ts'
import { findProgram } from '../virtual/findProgram.ts'
import { ensureKernelSource } from '../virtual/kernelSource.ts'
import { runProgram } from '../virtual/runProgram.ts'
import {
  ownDevice,
  suiteDevice,
  suiteDiskBytesPerSecond,
  type TestDevice,
} from '../virtual/testing/testDevice.ts'
import type { VirtualDevice } from '../virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../virtual/whyNoVirtualDevice.ts'
import { complaintsIn } from './kernelLog.ts'
import { pagesOfModule } from './pageOwner.ts'
import { pushModuleTest, runModuleTest } from './runModuleTest.ts'
import { parseTap } from './tap.ts'

const MODULE_FOLDER = fileURLToPath(new URL('.', import.meta.url))
const BOOT_TIMEOUT_MS = 300_000
// A kernel with KASAN and lockdep is several times slower, and is built first.
const TEST_TIMEOUT_MS = 20 * 60_000
const DEBUG_BUILD_TIMEOUT_MS = 60 * 60_000
// Hundreds are killed in a call by then. The full minute is run by hand; see docs/kernel-module.md.
const STRESS_SECONDS = 3
const STRESS_CALLERS = 200
/** Under emulation they are the dearest part of that test; the other kernels' runs make all 2,000. */
const RANDOM_CALLS = Number(process.env.DMABUF_LAB_RANDOM_CALLS ?? 400)

const reason =
  whyNoVirtualDevice() ?? (findProgram('gcc') && findProgram('make') ? null : 'needs gcc and make')
const skipped = reason === null ? '' : ` (skipped: ${reason})`

/** A device with the module and its test program. */
function deviceWithModule(testDevice: TestDevice, bootTimeoutMs = BOOT_TIMEOUT_MS) {
  let device: VirtualDevice

  beforeAll(async () => {
    device = await testDevice.start()
    await pushModuleTest(device)
  }, bootTimeoutMs)

  afterAll(() => testDevice.end())

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
  const kernelComplaints = async () => complaintsIn((await shell('dmesg')).text)
  return { shell, runTests, expectAllPassed, kernelComplaints }
}

describe.skipIf(reason !== null)(`kernel module${skipped}`, () => {
  const on = deviceWithModule(suiteDevice)

  test(
    'loads every size in every mode, byte for byte',
    async () => on.expectAllPassed(await on.runTests('content'), 240),
    TEST_TIMEOUT_MS,
  )
  test(
    'refuses what it must',
    async () => on.expectAllPassed(await on.runTests('refusals', RANDOM_CALLS), 50),
    TEST_TIMEOUT_MS,
  )
  test(
    'charges its memory to the caller, and limits what all buffers hold',
    async () => on.expectAllPassed(await on.runTests('memory'), 14),
    TEST_TIMEOUT_MS,
  )
  test(
    'keeps the rules of wrapfd, in both layouts',
    async () => on.expectAllPassed(await on.runTests('wrapfd'), 95),
    TEST_TIMEOUT_MS,
  )
  test(
    'udmabuf keeps an entry for every folio here, as the simulation has it',
    async () => on.expectAllPassed(await on.runTests('udmabuf-bookkeeping'), 2),
    TEST_TIMEOUT_MS,
  )
  test(
    'an I/O error in the middle of a file leaves nothing behind',
    async () => on.expectAllPassed(await on.runTests('io-error'), 17),
    TEST_TIMEOUT_MS,
  )
  test(
    `${STRESS_CALLERS} callers killed at random leave nothing behind`,
    async () => {
      on.expectAllPassed(await on.runTests('kill-stress', STRESS_SECONDS, STRESS_CALLERS), 7)
    },
    TEST_TIMEOUT_MS,
  )
  test(
    'another driver imports its buffers: vgem',
    async () => {
      const report = await on.runTests('import')
      on.expectAllPassed(report, 9)
      expect(report.notes).not.toContain('this kernel has no vgem')
      expect(await on.shell('rmmod vgem')).toMatchObject({ exitCode: 0 })
    },
    TEST_TIMEOUT_MS,
  )
  test('unloads, and the kernel has nothing to complain of', async () => {
    expect(await on.shell('rmmod dmabuf_lab && ls /sys/module/dmabuf_lab')).toMatchObject({ exitCode: 1 })
    expect(await on.kernelComplaints()).toEqual([])
  })
})

// It downloads another 150 MB and boots another device.
const newest = process.env.DMABUF_LAB_NEWEST_KERNEL === '1'
const whyNotNewest = reason ?? (newest ? null : 'set DMABUF_LAB_NEWEST_KERNEL=1')
const newestSkipped = whyNotNewest === null ? '' : ` (skipped: ${whyNotNewest})`

describe.skipIf(whyNotNewest !== null)(`kernel module on Debian's newest kernel${newestSkipped}`, () => {
  const on = deviceWithModule(
    ownDevice({
      name: `newest-test-${process.pid}`,
      flavour: 'newest',
      module: true,
      diskBytesPerSecond: suiteDiskBytesPerSecond,
    }),
  )

  test.each([
    ['content', 240],
    ['refusals', 50],
    ['memory', 14],
    ['io-error', 17],
    ['wrapfd', 95],
    ['protected-heaps', 34],
    ['udmabuf-bookkeeping', 2],
  ])('%s', async (name, count) => on.expectAllPassed(await on.runTests(name), count), TEST_TIMEOUT_MS)
  test('the kernel has nothing to complain of', async () => expect(await on.kernelComplaints()).toEqual([]))
})

// It downloads another 200 MB and boots a device of 6 GiB.
const oldest = process.env.DMABUF_LAB_OLDEST_KERNEL === '1'
const whyNotOldest = reason ?? (oldest ? null : 'set DMABUF_LAB_OLDEST_KERNEL=1')
const oldestSkipped = whyNotOldest === null ? '' : ` (skipped: ${whyNotOldest})`

describe.skipIf(whyNotOldest !== null)(`udmabuf of Debian's oldest kernel${oldestSkipped}`, () => {
  const device = { name: `oldest-test-${process.pid}`, flavour: 'oldest', memoryMiB: 6144 } as const
  const on = deviceWithModule(ownDevice(device))

  test(
    'its list of pages ends at 2 GiB',
    async () => {
      const report = await on.runTests('udmabuf-limits')
      on.expectAllPassed(report, 4)
      expect(report.notes).toContain('a buffer of 524288 pages: made')
      expect(report.notes).toContain('a buffer of 524289 pages: ENOMEM')
    },
    TEST_TIMEOUT_MS,
  )
  test(
    'keeps no entry for a folio',
    async () => on.expectAllPassed(await on.runTests('udmabuf-bookkeeping'), 2),
    TEST_TIMEOUT_MS,
  )
})

// It builds a kernel first.
const debug = process.env.DMABUF_LAB_DEBUG_KERNEL === '1'
const whyNotDebug = reason ?? (debug ? null : 'set DMABUF_LAB_DEBUG_KERNEL=1')
const debugSkipped = whyNotDebug === null ? '' : ` (skipped: ${whyNotDebug})`

describe.skipIf(whyNotDebug !== null)(
  `kernel module under KASAN, lockdep and kmemleak${debugSkipped}`,
  () => {
    const on = deviceWithModule(
      ownDevice({
        name: `debug-test-${process.pid}`,
        flavour: 'debug',
        module: true,
        kernelArguments: 'kasan_multi_shot page_owner=on',
        diskBytesPerSecond: suiteDiskBytesPerSecond,
      }),
      DEBUG_BUILD_TIMEOUT_MS,
    )
    /** Lockdep stops at its first complaint, or when it is out of memory. */
    const expectLockdepOn = async () =>
      expect((await on.shell('grep debug_locks /proc/lockdep_stats')).text).toMatch(/debug_locks: +1$/)

    test('checkpatch --strict of that kernel finds nothing in the modules', async () => {
      const { tree } = await ensureKernelSource(defaultCacheFolder(), archivesIn(defaultCacheFolder()))
      const folders = ['.', '../heaps', '../lockdep']
      const names = await Promise.all(
        folders.map(async folder => [folder, await readdir(join(MODULE_FOLDER, folder))] as const),
      )
      const sources = names.flatMap(([folder, files]) =>
        files.filter(name => /\.[ch]$/.test(name)).map(name => join(folder, name)),
      )
      // .clang-format decides on lines, and on the brace after a loop that it takes for a function; a
      // vm_operations_struct of lab_wrapfd_map.c is a copy that is changed.
      const laidOut = ['--max-line-length=120', '--ignore', 'OPEN_BRACE,CONST_STRUCT']
      const words = ['--strict', '--no-tree', ...laidOut, '-f', ...sources]
      const said = await runProgram(join(tree, 'scripts/checkpatch.pl'), words, { cwd: MODULE_FOLDER })
      const totals = said.stdout.toString('utf8').match(/^total: .*$/gm) ?? []
      expect(totals.filter(total => !total.startsWith('total: 0 errors, 0 warnings, 0 checks'))).toEqual([])
      expect(totals).toHaveLength(sources.length)
    })

    test('the kernel has its checks on', async () => {
      expect((await on.shell('dmesg')).text).toContain('KernelAddressSanitizer initialized')
      await expectLockdepOn()
      expect(await on.shell('ls /sys/kernel/debug/kmemleak')).toMatchObject({ exitCode: 0 })
    })

    test.each([
      ['content', 240],
      ['refusals', 50],
      ['memory', 14],
      ['io-error', 17],
      ['wrapfd', 95],
      ['import', 9],
    ])('%s', async (name, count) => on.expectAllPassed(await on.runTests(name), count), TEST_TIMEOUT_MS)
    test(
      `${STRESS_CALLERS} callers killed at random for a minute leave nothing behind`,
      async () => on.expectAllPassed(await on.runTests('kill-stress', 60, STRESS_CALLERS), 7),
      TEST_TIMEOUT_MS,
    )
    test('the kernel has nothing to complain of', async () => {
      expect(await on.kernelComplaints()).toEqual([])
    })
    test(
      'every allocation of a call fails once, and nothing is left',
      async () => {
        on.expectAllPassed(await on.runTests('allocation-failure'), 17)
        // The kernel reports a failed allocation, and dma_buf_vmap() warns of any failure of its exporter.
        const others = (await on.kernelComplaints()).filter(line => !/Call Trace|at dma_buf_vmap/.test(line))
        expect(others).toEqual([])
      },
      TEST_TIMEOUT_MS,
    )
    test('the owner of no page is the module', async () => {
      const stacks = await on.shell('cat /sys/kernel/debug/page_owner_stacks/show_stacks')
      expect(stacks.text).toContain('nr_base_pages:')
      expect(pagesOfModule(stacks.text)).toEqual([])
    })
    test(
      'kmemleak finds no object without a reference',
      async () => {
        // A young object is left out of the first scan (mm/kmemleak.c MSECS_MIN_AGE).
        const scan = 'echo scan >/sys/kernel/debug/kmemleak'
        await on.shell(`${scan}; sleep 6; ${scan}`)
        expect((await on.shell('cat /sys/kernel/debug/kmemleak')).text).toBe('')
      },
      TEST_TIMEOUT_MS,
    )
    test('unloads, and lockdep has never stopped', async () => {
      expect(await on.shell('rmmod dmabuf_lab && ls /sys/module/dmabuf_lab')).toMatchObject({ exitCode: 1 })
      await expectLockdepOn()
    })
    test('a mistake would have been seen: LKDTM makes one', async () => {
      await on.shell('echo READ_AFTER_FREE >/sys/kernel/debug/provoke-crash/DIRECT')
      expect((await on.kernelComplaints()).join('\n')).toContain('BUG: KASAN: slab-use-after-free in lkdtm')
    })
  },
)
