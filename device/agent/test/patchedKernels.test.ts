import { describe, expect, test } from 'vitest'
import { type SchemeId, schemeOf } from '../../../contract/schemes.ts'
import { ownDevice } from '../../virtual/testing/testDevice.ts'
import { agentOnDevice, whyNoAgentDevice } from './agentOnDevice.ts'

const MiB = 1024 * 1024
const largestBytes = 65 * MiB + 513
/** Around a page, around the system heap's largest piece, whole pieces, and no multiple of anything. */
const sizes = [4096, 4097, MiB - 1, 8 * MiB, largestBytes]
const gather = 16 * MiB
const diskBytesPerSecond = 400_000_000
const asyncSchemes = ['read-async-buffered', 'read-async-direct'] as const
const syncSchemes = ['read-sync-buffered', 'read-sync-direct'] as const

const asked = process.env.DMABUF_LAB_PATCHED_KERNELS === '1'
const notAsked = 'DMABUF_LAB_PATCHED_KERNELS=1 builds two kernels, up to an hour once on 2 processors'
const reason = whyNoAgentDevice() ?? (asked ? null : notAsked)
const skipped = reason === null ? '' : ` (skipped: ${reason})`
const buildTimeoutMs = 2 * 60 * 60_000

const noIoctl = "this kernel's heap has no DMA_HEAP_IOCTL_ALLOC_AND_READ"
const noFlag = "this kernel's heap has no DMA_HEAP_ALLOC_AND_READ_FILE"

type OnDevice = ReturnType<typeof agentOnDevice>

/** One load by the kernel's own patch: every byte, the path it took, and the one time that a series lets be told. */
async function expectLoaded(on: OnDevice, scheme: SchemeId, bytes: number, mark: string) {
  const sample = await on.measure(scheme, bytes, { gather })
  expect(sample).toMatchObject({ status: 'ok', verified: true, cold: true, marks: [mark] })
  expect(sample).toMatchObject({ allocNs: null, readNs: null, firstGatherNs: null })
  expect(sample.direct).toBe(schemeOf(scheme).ioMode === 'direct')
  expect(sample.createNs).toBeLessThanOrEqual(sample.totalNs ?? 0)
  // The disk's ceiling lets a first second's worth pass faster.
  expect(sample.createNs).toBeGreaterThan((bytes / diskBytesPerSecond / 10) * 1e9)
  return sample
}

/** What a block does must leave no buffer, no file and no complaint of the kernel behind. */
async function expectNothingLeft(on: OnDevice, what: () => Promise<void>) {
  const buffers = await on.liveDmabufs()
  const files = await on.shell('ls -A /data/local/tmp')
  await what()
  expect(await on.liveDmabufs()).toBe(buffers)
  expect(await on.shell('ls -A /data/local/tmp')).toBe(files)
  expect(await on.shell("dmesg | grep -E 'WARNING|BUG|Oops|Call Trace|blocked for'")).toBe('')
}

describe.skipIf(reason !== null)(`a kernel with the first series' ioctl${skipped}`, () => {
  const device = { name: 'patched-ioctl-test', flavour: 'patched-ioctl', module: true } as const
  const on = agentOnDevice(ownDevice({ ...device, diskBytesPerSecond }), largestBytes, buildTimeoutMs)

  test('is found out', () =>
    expectNothingLeft(on, async () => {
      expect(await on.probe()).toMatchObject({
        allocAndRead: { 'heap-ioctl': '', 'heap-flag-sync': noFlag, 'heap-flag-async': noFlag, module: '' },
        requirements: { 'alloc-and-read': '' },
      })
    }))

  test.each(asyncSchemes)('%s uses it', scheme =>
    expectNothingLeft(on, async () => {
      for (const bytes of sizes) {
        const wholePages = Math.floor(bytes / 4096) * 4096
        const sample = await expectLoaded(on, scheme, bytes, 'heap ioctl')
        expect(sample).toMatchObject({ gatherBytes: Math.min(gather, wholePages), readers: 1 })
      }
    }),
  )

  test('a gather smaller than a piece of the heap is rounded up', async () => {
    const sample = await on.measure('read-async-direct', 8 * MiB, { gather: 65_536 })
    expect(sample).toMatchObject({ status: 'ok', verified: true, gatherBytes: MiB })
  })

  test('a file smaller than a page is refused', async () => {
    expect(await on.measure('read-async-buffered', 1)).toMatchObject({
      status: 'unsupported',
      reason: 'EINVAL: the first series loads no file smaller than a page',
    })
  })

  test('read-sync-* is the module, and nothing without it', async () => {
    for (const scheme of syncSchemes)
      expect(await on.measure(scheme, largestBytes)).toMatchObject({ status: 'ok', marks: ['lab module'] })
    await on.shell('rmmod dmabuf_lab')
    expect(await on.measure('read-sync-direct', largestBytes)).toMatchObject({
      status: 'unsupported',
      reason: "this kernel's patch reads while it allocates: read-sync-* needs the kernel module",
    })
    expect(await on.probe()).toMatchObject({
      allocAndRead: { 'heap-ioctl': '', module: 'needs the kernel module' },
      requirements: { 'alloc-and-read': '' },
    })
    await expectLoaded(on, 'read-async-direct', largestBytes, 'heap ioctl')
  })
})

describe.skipIf(reason !== null)(`a kernel with the second series' heap flag${skipped}`, () => {
  const device = { name: 'patched-heap-flag-test', flavour: 'patched-heap-flag' } as const
  const on = agentOnDevice(ownDevice({ ...device, diskBytesPerSecond }), largestBytes, buildTimeoutMs)
  const parameters = '/sys/module/dma_heap/parameters'

  test('all of it is found out', () =>
    expectNothingLeft(on, async () => {
      expect((await on.probe()).allocAndRead).toEqual({
        'heap-ioctl': noIoctl,
        'heap-flag-sync': "this kernel's heap flag reads while it allocates",
        'heap-flag-async': '',
        module: 'needs the kernel module',
      })
    }))

  test.each(asyncSchemes)('%s uses it, with the gather asked for', scheme =>
    expectNothingLeft(on, async () => {
      const limit = await on.shell(`cat ${parameters}/gather_limit`)
      for (const bytes of [1, ...sizes])
        expect(await expectLoaded(on, scheme, bytes, 'heap flag')).toMatchObject({
          gatherBytes: gather,
          readers: 1,
        })
      expect(await on.shell(`cat ${parameters}/gather_limit`)).toBe(limit)
    }),
  )

  test('its first patch alone is found out, and read-sync-* use it', () =>
    expectNothingLeft(on, async () => {
      expect(await on.measure('read-sync-direct', MiB)).toMatchObject({
        status: 'unsupported',
        reason: "this kernel's patch reads while it allocates: read-sync-* needs the kernel module",
      })
      await on.shell(`echo N > ${parameters}/async_read`)
      expect((await on.probe()).allocAndRead).toMatchObject({
        'heap-flag-sync': '',
        'heap-flag-async': "this kernel's heap flag reads when all is allocated",
      })
      for (const bytes of sizes) await expectLoaded(on, 'read-sync-buffered', bytes, 'heap flag')
      await expectLoaded(on, 'read-sync-direct', 64 * MiB, 'heap flag')
      expect(await on.measure('read-sync-direct', 4097)).toMatchObject({
        status: 'unsupported',
        reason: "EINVAL: the second series' first patch reads directly only files of whole pages",
      })
      expect(await on.measure('read-async-direct', MiB)).toMatchObject({
        status: 'unsupported',
        reason: "this kernel's patch reads when all is allocated: read-async-* needs the kernel module",
      })
      await on.shell(`echo Y > ${parameters}/async_read`)
    }))
})
