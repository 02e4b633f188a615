import { describe, expect, test } from 'vitest'
import { type SchemeId, schemeCatalogue } from '../../../contract/schemes.ts'
import { KiB, MiB } from '../../../contract/size.ts'
import { isKernelBuilt } from '../../virtual/builtKernel.ts'
import { defaultCacheFolder } from '../../virtual/deviceState.ts'
import { findProgram } from '../../virtual/findProgram.ts'
import { ownDevice } from '../../virtual/testing/testDevice.ts'
import { agentOnDevice, whyNoAgentDevice } from './agentOnDevice.ts'

/** Of udmabuf, here; a huge page of pages of 16 KiB. */
const limitMiB = 32
/** Above that limit, and no multiple of anything. */
const largestBytes = 33 * MiB + 513
/** Whole pages of 4 KiB and not of 16 KiB, and a byte more than pages of either. */
const sizes = [16 * KiB + 1, 3 * MiB + 4096]
const gather = MiB
const refused: readonly SchemeId[] = ['copy-file-range-direct', 'normal-dontcache', 'memfd-dontcache']
const emulated: readonly SchemeId[] = ['sendfile-buffered', 'sendfile-direct']

const bootTimeoutMs = 2 * 60 * 60_000
const asked = process.env.DMABUF_LAB_ARM64 === '1'

type ArmDevice = { flavour: 'arm64-4k' | 'arm64-16k'; pages: '4k' | '16k'; pageBytes: number }
const devices: readonly ArmDevice[] = [
  { flavour: 'arm64-4k', pages: '4k', pageBytes: 4 * KiB },
  { flavour: 'arm64-16k', pages: '16k', pageBytes: 16 * KiB },
]

/** Building a kernel takes long, and is asked for. */
async function whyNot({ flavour, pages }: ArmDevice): Promise<string | null> {
  const noCompiler = findProgram('aarch64-linux-gnu-gcc') === null ? 'needs aarch64-linux-gnu-gcc' : null
  const reason = whyNoAgentDevice() ?? noCompiler
  if (reason !== null || asked) return reason
  return (await isKernelBuilt(defaultCacheFolder(), flavour))
    ? null
    : `npm run device -- start --arch arm64 --pages ${pages} builds its kernel, once`
}

for (const { flavour, pages, pageBytes } of devices) {
  const reason = await whyNot({ flavour, pages, pageBytes })
  const skipped = reason === null ? '' : ` (skipped: ${reason})`

  describe.skipIf(reason !== null)(`on arm64 with pages of ${pages}${skipped}`, () => {
    const name = `${flavour}-test-${process.pid}`
    const on = agentOnDevice(ownDevice({ name, flavour, module: true }), largestBytes, bootTimeoutMs)
    on.limitUdmabuf(limitMiB)

    test('the probe tells processor and page size, and every requirement', async () => {
      expect(await on.probe()).toMatchObject({
        arch: 'aarch64',
        pageBytes,
        requirements: {
          'o-direct': '',
          'dma-heap': '',
          'heap-cpu-access': '',
          udmabuf: '',
          'dmabuf-copy-file-range': 'EINVAL: this kernel cannot copy_file_range into a dma-buf',
          'alloc-and-read': '',
          wrapfd: '',
        },
        heaps: [
          { name: 'reserved', access: 'read', cpuAccess: true },
          { name: 'system', access: 'read', cpuAccess: true },
        ],
      })
    })

    test.each(schemeCatalogue.filter(scheme => !refused.includes(scheme.id)))(
      '$id loads and verifies through the buffer',
      async scheme => {
        for (const bytes of sizes) {
          const sample = await on.measure(scheme.id, bytes, { gather })
          expect(sample).toMatchObject({ status: 'ok', bytes, verified: true, cold: true })
          expect(sample.direct).toBe(scheme.ioMode === 'direct')
          expect(sample.marks.includes('emulated')).toBe(emulated.includes(scheme.id))
        }
      },
    )

    test('above the limit of udmabuf, with a gather that is no whole number of its pages', async () => {
      const sample = await on.measure('udmabuf-gather-direct', largestBytes, { gather: MiB + 4096 })
      expect(sample).toMatchObject({ status: 'ok', verified: true, direct: true })
    })

    test('huge pages of shared memory are those of this page size', async () => {
      const sample = await on.measure('udmabuf-gather-direct', largestBytes, { gather, 'huge-pages': 1 })
      expect(sample).toMatchObject({ status: 'ok', verified: true })
      expect(sample.figures.hugePageBytes).toBeGreaterThanOrEqual(limitMiB * MiB)
    })

    test('the ceiling is read directly, and the kernel has nothing to complain of', async () => {
      expect(await on.ceiling()).toMatchObject({ type: 'ceiling', ioMode: 'direct' })
      expect(await on.shell("dmesg | grep -E 'WARNING|BUG|Oops|Call trace|blocked for'")).toBe('')
    })
  })
}
