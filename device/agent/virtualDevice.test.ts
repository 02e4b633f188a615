import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SchemeId, schemeCatalogue } from '../../contract/schemes.ts'
import { adbEnvironment, runAdb } from '../virtual/adbProgram.ts'
import { defaultCacheFolder, instanceFolder } from '../virtual/deviceState.ts'
import { startDevice, type VirtualDevice } from '../virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../virtual/whyNoVirtualDevice.ts'
import { type AgentCommand, lastLine, optionWords, runAgent, sampleLineSchema } from './agentRun.ts'
import { buildAgent, hostAgentArch } from './build.ts'

const KiB = 1024
const MiB = 1024 * KiB
const name = 'agent-test'
const agent = '/data/local/tmp/dmabuf-lab-agent'
const path = '/data/local/tmp/content.bin'
/** Above the 64 MiB that udmabuf admits by default, and no multiple of anything. */
const largestBytes = 65 * MiB + 513
const sizes = [1, 4097, largestBytes]
const refused: readonly SchemeId[] = ['copy-file-range-direct']
const emulated: readonly SchemeId[] = ['sendfile-buffered', 'sendfile-direct']
const gatherBytes = 16 * MiB

const reason =
  whyNoVirtualDevice() ?? (hostAgentArch() === 'x86_64' ? null : 'the virtual device is an x86_64 machine')
const skipped = reason === null ? '' : ` (skipped: ${reason})`

describe.skipIf(reason !== null)(`on a real dma-heap and udmabuf${skipped}`, () => {
  let device: VirtualDevice
  let command: AgentCommand

  beforeAll(async () => {
    const binary = await buildAgent({ arch: 'x86_64' })
    device = await startDevice({ name, module: true })
    await adb('push', binary, agent)
    const prefix = [device.adb.program, '-s', device.serial, 'shell']
    command = { binary: agent, prefix, env: adbEnvironment(device.adb) }
    await run('prepare', { path, bytes: largestBytes, seed: 9 })
  }, 300_000)

  afterAll(async () => {
    await device?.stop()
    await rm(instanceFolder(defaultCacheFolder(), name), { recursive: true, force: true })
  })

  const adb = (...words: string[]) => runAdb(device.adb, ['-s', device.serial, ...words], 60_000)
  const run = async (verb: string, options: Record<string, string | number>) =>
    lastLine(await runAgent(command, [verb, ...optionWords(options)]))
  const measure = async (scheme: SchemeId, bytes: number, more: Record<string, string | number> = {}) => {
    const options = { scheme, path, bytes, gather: gatherBytes, readers: 2, verify: 'seed:9', ...more }
    return sampleLineSchema.parse(await run('measure', options))
  }
  const setting = async (file: string) => (await adb('shell', 'cat', file)).stdout.toString().trim()

  test('every requirement is tried', async () => {
    const { requirements, heaps } = await run('probe', { dir: '/data/local/tmp' })
    expect(requirements).toEqual({
      'o-direct': '',
      'dma-heap': '',
      'heap-cpu-access': '',
      udmabuf: '',
      'dmabuf-sendfile': '',
      'dmabuf-copy-file-range': 'EINVAL: this kernel cannot copy_file_range into a dma-buf',
      'alloc-and-read': '',
    })
    expect(heaps).toEqual([{ name: 'system', access: 'read', cpuAccess: true }])
  })

  test.each(schemeCatalogue.filter(scheme => !refused.includes(scheme.id)))(
    '$id loads and verifies through the buffer',
    async scheme => {
      for (const bytes of sizes) {
        const sample = await measure(scheme.id, bytes)
        expect(sample).toMatchObject({ status: 'ok', bytes, verified: true, cold: true })
        expect(sample.direct).toBe(scheme.ioMode === 'direct')
        expect(sample.marks).toEqual(emulated.includes(scheme.id) ? ['emulated'] : [])
      }
    },
    60_000,
  )

  test('what the kernel refuses is unsupported, with its errno', async () => {
    expect(await measure('copy-file-range-direct', MiB)).toMatchObject({
      status: 'unsupported',
      errno: 'EINVAL',
      reason: 'EINVAL: this kernel cannot copy_file_range into a dma-buf',
    })
    expect(await measure('normal', MiB, { heap: 'no-such' })).toMatchObject({
      status: 'unsupported',
      errno: 'ENOENT',
      reason: 'ENOENT: needs /dev/dma_heap/no-such',
    })
  })

  test('settings are raised for the load only', async () => {
    const limit = '/sys/module/udmabuf/parameters/size_limit_mb'
    const hugePages = '/sys/kernel/mm/transparent_hugepage/shmem_enabled'
    expect(await setting(limit)).toBe('64')
    expect(await setting(hugePages)).toContain('[never]')
    const sample = await measure('udmabuf-gather-direct', largestBytes, { 'huge-pages': 1 })
    expect(sample).toMatchObject({ status: 'ok', verified: true })
    expect(sample.figures.hugePageBytes).toBeGreaterThanOrEqual(64 * MiB)
    expect(await setting(limit)).toBe('64')
    expect(await setting(hugePages)).toContain('[never]')
  })
})
