import { beforeAll, describe, expect, test } from 'vitest'
import { ownDevice } from '../../virtual/testing/testDevice.ts'
import { agentOnDevice, whyNoAgentDevice } from './agentOnDevice.ts'

const MiB = 1024 * 1024
const bytes = 8 * MiB + 513
const sizes = [1, 4097, bytes]

const asked = process.env.DMABUF_LAB_NEWEST_KERNEL === '1'
const notAsked = 'DMABUF_LAB_NEWEST_KERNEL=1 downloads and boots two more of Debian’s kernels'
const reason = whyNoAgentDevice() ?? (asked ? null : notAsked)
const skipped = reason === null ? '' : ` (skipped: ${reason})`
const downloadTimeoutMs = 30 * 60_000

describe.skipIf(reason !== null)(`a kernel with RWF_DONTCACHE${skipped}`, () => {
  const device = { name: 'newest-agent-test', flavour: 'newest' } as const
  const on = agentOnDevice(ownDevice(device), bytes, downloadTimeoutMs)

  test('says so', async () => {
    expect((await on.probe()).requirements).toMatchObject({ 'rwf-dontcache': '', 'dma-heap': '' })
  })

  test.each(['memfd-dontcache', 'normal-dontcache'] as const)(
    '%s leaves nothing in the cache',
    async scheme => {
      for (const size of sizes) {
        const sample = await on.measure(scheme, size)
        expect(sample).toMatchObject({ status: 'ok', bytes: size, verified: true, cold: true, direct: false })
        expect(sample.figures.residentBytesAfter).toBe(0)
      }
    },
  )
})

describe.skipIf(reason !== null)(`a kernel with vgem${skipped}`, () => {
  const device = { name: 'vgem-agent-test', flavour: 'generic' } as const
  const on = agentOnDevice(ownDevice(device), bytes, downloadTimeoutMs)

  beforeAll(async () => {
    await on.shell('modprobe vgem')
  })

  test.each(['normal', 'udmabuf-direct', 'udmabuf-list-direct'] as const)(
    'it imports what %s loaded, and gives it back',
    async scheme => {
      const buffers = await on.liveDmabufs()
      for (const size of sizes) {
        const sample = await on.measure(scheme, size)
        expect(sample).toMatchObject({ status: 'ok', verified: true })
        expect(sample.figures.vgemImportNs).toBeGreaterThan(0)
      }
      expect(await on.liveDmabufs()).toBe(buffers)
    },
  )
})
