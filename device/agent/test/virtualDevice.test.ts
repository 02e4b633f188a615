import { describe, expect, test } from 'vitest'
import { type SchemeId, schemeCatalogue } from '../../../contract/schemes.ts'
import { suiteDevice } from '../../virtual/testing/testDevice.ts'
import { agentOnDevice, udmabufLimit, whyNoAgentDevice } from './agentOnDevice.ts'

const KiB = 1024
const MiB = 1024 * KiB
/** Of udmabuf, here. */
const limitMiB = 8
/** Above that limit and what the module reads at once, several gathers, and no multiple of anything. */
const largestBytes = 9 * MiB + 513
const sizes = [1, 4097, largestBytes]
const refused: readonly SchemeId[] = ['copy-file-range-direct', 'normal-dontcache', 'memfd-dontcache']
/** Of a kernel before 6.14. */
const noDontcache =
  'EOPNOTSUPP: this kernel or file system has no reads that leave the page cache (RWF_DONTCACHE)'
const emulated: readonly SchemeId[] = ['sendfile-buffered', 'sendfile-direct']
const gather = 4 * MiB

const reason = whyNoAgentDevice()
const skipped = reason === null ? '' : ` (skipped: ${reason})`

describe.skipIf(reason !== null)(`on a real dma-heap and udmabuf${skipped}`, () => {
  const on = agentOnDevice(suiteDevice, largestBytes)
  const setting = (file: string) => on.shell(`cat ${file}`)
  on.limitUdmabuf(limitMiB)

  test('every requirement is tried', async () => {
    const { requirements, heaps } = await on.probe()
    expect(requirements).toEqual({
      'o-direct': '',
      'dma-heap': '',
      'heap-cpu-access': '',
      udmabuf: '',
      'dmabuf-sendfile': '',
      'dmabuf-copy-file-range': 'EINVAL: this kernel cannot copy_file_range into a dma-buf',
      'alloc-and-read': '',
      wrapfd: '',
      'rwf-dontcache': noDontcache,
    })
    expect(heaps).toEqual([{ name: 'system', access: 'read', cpuAccess: true }])
  })

  test("a stock heap is found to have neither series' interface, and nothing is left behind", async () => {
    const buffers = await on.liveDmabufs()
    const files = await on.shell('ls -A /data/local/tmp')
    const flag = "this kernel's heap has no DMA_HEAP_ALLOC_AND_READ_FILE"
    expect((await on.probe()).allocAndRead).toEqual({
      'heap-ioctl': "this kernel's heap has no DMA_HEAP_IOCTL_ALLOC_AND_READ",
      'heap-flag-sync': flag,
      'heap-flag-async': flag,
      module: '',
    })
    expect(await on.liveDmabufs()).toBe(buffers)
    expect(await on.shell('ls -A /data/local/tmp')).toBe(files)
  })

  test.each(schemeCatalogue.filter(scheme => !refused.includes(scheme.id)))(
    '$id loads and verifies through the buffer',
    async scheme => {
      const marks = [
        ...(emulated.includes(scheme.id) ? ['emulated'] : []),
        ...(scheme.family === 'in-kernel' || scheme.family === 'wrapfd' ? ['lab module'] : []),
      ]
      for (const bytes of sizes) {
        const sample = await on.measure(scheme.id, bytes, { gather })
        expect(sample).toMatchObject({ status: 'ok', bytes, verified: true, cold: true })
        expect(sample.direct).toBe(scheme.ioMode === 'direct')
        expect(sample.marks).toEqual(marks)
      }
    },
  )

  test('what the kernel refuses is unsupported, with its errno', async () => {
    expect(await on.measure('copy-file-range-direct', MiB)).toMatchObject({
      status: 'unsupported',
      errno: 'EINVAL',
      reason: 'EINVAL: this kernel cannot copy_file_range into a dma-buf',
    })
    for (const scheme of ['normal-dontcache', 'memfd-dontcache'] as const) {
      expect(await on.measure(scheme, MiB)).toMatchObject({ status: 'unsupported', reason: noDontcache })
    }
    expect(await on.measure('normal', MiB, { heap: 'no-such' })).toMatchObject({
      status: 'unsupported',
      errno: 'ENOENT',
      reason: 'ENOENT: needs /dev/dma_heap/no-such',
    })
  })

  test('settings are raised for the load only', async () => {
    const hugePages = '/sys/kernel/mm/transparent_hugepage/shmem_enabled'
    expect(await setting(udmabufLimit)).toBe(`${limitMiB}`)
    expect(await setting(hugePages)).toContain('[never]')
    const sample = await on.measure('udmabuf-gather-direct', largestBytes, { gather, 'huge-pages': 1 })
    expect(sample).toMatchObject({ status: 'ok', verified: true })
    expect(sample.figures.hugePageBytes).toBeGreaterThanOrEqual(limitMiB * MiB)
    expect(await setting(udmabufLimit)).toBe(`${limitMiB}`)
    expect(await setting(hugePages)).toContain('[never]')
  })
})
