import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorLineSchema, probeLineSchema } from '../../../engine/agent/lines.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { lastLine, runAgent } from './agentRun.ts'
import { makeTestFolder, noDirectReads, removeTestFolder } from './testFolder.ts'

const folder = makeTestFolder()
let binary = ''

const hugePages = '/sys/kernel/mm/transparent_hugepage/shmem_enabled'
const cannotLend =
  process.getuid?.() === 0 && existsSync(hugePages) && readFileSync(hugePages, 'utf8').includes('[never]')
    ? ''
    : ' (skipped: only root lends huge pages, where shared memory has none)'

beforeAll(async () => {
  binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64' })
})
afterAll(() => removeTestFolder(folder))

describe('probe', () => {
  test('makes the directory, tells every field and leaves nothing behind', async () => {
    const directory = join(folder, 'new')
    const probe = probeLineSchema.parse(lastLine(await runAgent({ binary }, ['probe', '--dir', directory])))
    expect(readdirSync(directory)).toEqual([])
    expect(probe).toMatchObject({ arch: hostAgentArch(), directory, root: process.getuid?.() === 0 })
    expect(probe.memoryTotalBytes).toBeGreaterThan(probe.memoryAvailableBytes)
    const options = probe.mountOptions?.split(',') ?? []
    expect(options).toEqual([...new Set(options)])
    if (noDirectReads === null) expect(probe.requirements['o-direct']).toBe('')
  })

  test('says why a heap that does not exist cannot be used', async () => {
    const run = await runAgent({ binary }, ['probe', '--dir', folder, '--heap', 'no-such'])
    const { requirements } = probeLineSchema.parse(lastLine(run))
    expect(requirements['dma-heap']).toBe('needs /dev/dma_heap/no-such')
    expect(requirements['dmabuf-sendfile']).toBe('needs /dev/dma_heap/no-such')
  })

  test.skipIf(existsSync('/dev/udmabuf'))('says what a machine without udmabuf needs', async () => {
    const { requirements } = probeLineSchema.parse(
      lastLine(await runAgent({ binary }, ['probe', '--dir', folder])),
    )
    expect(requirements.udmabuf).toBe('needs /dev/udmabuf')
  })

  test.skipIf(cannotLend !== '')(
    `tells the machine's own huge pages, whatever is lent to a load just now${cannotLend}`,
    async () => {
      const lending = `echo advise > ${hugePages}; echo lent; read -r _; echo never > ${hugePages}`
      const lender = spawn('flock', ['-s', hugePages, 'sh', '-c', lending])
      await once(lender.stdout, 'data')
      const probing = runAgent({ binary }, ['probe', '--dir', folder])
      await sleep(300)
      lender.stdin.end('\n')
      expect(probeLineSchema.parse(lastLine(await probing)).hugePages).toBe('never')
    },
  )

  test('refuses a directory without a parent, and a file', async () => {
    const orphan = await runAgent({ binary }, ['probe', '--dir', join(folder, 'no', 'parent')])
    expect(errorLineSchema.parse(lastLine(orphan))).toMatchObject({ kind: 'bad-file', errno: 'ENOENT' })
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const notDirectory = await runAgent({ binary }, ['probe', '--dir', file])
    expect(errorLineSchema.parse(lastLine(notDirectory))).toMatchObject({
      kind: 'bad-file',
      errno: 'ENOTDIR',
    })
  })
})
