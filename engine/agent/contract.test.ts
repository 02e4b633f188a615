import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MiB, parseSize, TiB } from '../../contract/size.ts'
import { localAgent } from '../targets/local.ts'
import { Agent } from './agent.ts'
import { builtAgentDirectory } from './builtAgents.ts'
import { startChild } from './childTransport.ts'
import {
  type AgentCommand,
  ceilingCommand,
  inspectCommand,
  type MeasureOptions,
  measureCommand,
  prepareCommand,
  pressureCommand,
  probeCommand,
  versionCommand,
} from './commands.ts'
import type { AgentLine, LineType } from './lines.ts'

const never = new AbortController().signal
const bytes = 8 * MiB + 123

/** The real agent against the lab's schemas: every line it writes is parsed strictly. */
describe('the agent', () => {
  let folder: string
  let path: string
  let program: string
  let agent: Agent

  beforeAll(async () => {
    // Not in memory: the file must be readable with O_DIRECT.
    folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-agent-'))
    program = localAgent({
      agentDirectory: builtAgentDirectory,
      dataDirectory: folder,
      adbServer: { host: '127.0.0.1', port: 5037 },
    })
    agent = new Agent(() => startChild(program, ['serve']))
    path = join(folder, 'generated')
    await run(prepareCommand(path, bytes, 1))
  })
  afterAll(async () => {
    await agent.close()
    rmSync(folder, { recursive: true })
  })

  async function run<T extends LineType>(command: AgentCommand<T>) {
    const before: AgentLine[] = []
    const closing = await agent.run(command, { signal: never, onLine: line => before.push(line) })
    return { closing, before }
  }

  const measure = (options: Partial<MeasureOptions>) =>
    run(
      measureCommand({
        scheme: 'memfd-gather-direct',
        path,
        bytes,
        gatherBytes: MiB,
        readers: 2,
        heap: 'system',
        verify: 'seed:1',
        hugePages: false,
        ...options,
      }),
    )

  it('tells its version and protocol', async () => {
    expect((await run(versionCommand())).closing).toMatchObject({ protocol: 3 })
  })

  it('probes every requirement of the contract', async () => {
    const { closing } = await run(probeCommand({ directory: join(folder, 'probed') }, 'system'))
    expect(closing).toMatchObject({ directory: join(folder, 'probed'), requirements: { 'o-direct': '' } })
  })

  it('prepares a file of exactly that size, and uses it again', async () => {
    expect(statSync(path).size).toBe(bytes)
    expect((await run(prepareCommand(path, bytes, 1))).closing).toMatchObject({ reused: true, bytes })
    expect((await run(inspectCommand(path))).closing).toMatchObject({ path, bytes })
  })

  it('refuses a file that the disk cannot hold, with both numbers', async () => {
    const refused = run(prepareCommand(join(folder, 'huge'), 900 * TiB, 1))
    await expect(refused).rejects.toMatchObject({
      kind: 'no-space',
      message: expect.stringMatching(/989560464998400.*\d{6}/),
    })
  })

  it('finds the ceiling', async () => {
    const { closing } = await run(ceilingCommand(path, bytes))
    expect(closing.bytesPerSecond).toBeGreaterThan(1e6)
  })

  it.each([
    'memfd-buffered',
    'memfd-direct',
    'memfd-mmap-copy',
    'memfd-sendfile-buffered',
    'memfd-sendfile-direct',
    'memfd-async-direct',
    'memfd-gather-direct',
    'memfd-list-direct',
    'memfd-gather-buffered',
  ] as const)('loads with %s and proves every byte', async scheme => {
    const { closing, before } = await measure({ scheme })
    expect(closing).toMatchObject({ status: 'ok', reason: '', bytes, verified: true, cold: true })
    const spans = before.flatMap(line => (line.type === 'span' ? [line] : []))
    const loaded = spans.filter(span => span.phase === 'read' || span.phase === 'copy')
    expect(loaded.reduce((sum, span) => sum + span.bytes, 0)).toBe(bytes)
    const last = spans.filter(span => span.phase !== 'close').map(span => span.endNs)
    expect(Math.max(...last)).toBeLessThanOrEqual(closing.totalNs ?? 0)
  })

  it.each(['16KiB', '64KiB', '2MiB', 'hugetlb'] as const)(
    'asks for pages of %s and tells what the kernel gave, or its errno',
    async hugePageSize => {
      const { closing } = await measure({ scheme: 'memfd-list-direct', hugePages: true, hugePageSize })
      if (closing.status === 'unsupported') {
        expect(closing.reason).toMatch(/^E[A-Z]+: /)
        return
      }
      expect(closing).toMatchObject({ status: 'ok', verified: true })
      const { folioBytes } = closing.figures
      const asked = hugePageSize === 'hugetlb' ? 2 * MiB : parseSize(hugePageSize)
      if (folioBytes !== undefined) expect(folioBytes).toBeLessThanOrEqual(asked)
    },
  )

  it('leaves nothing in the page cache with memfd-dontcache, or says by its errno why not', async () => {
    const { closing } = await measure({ scheme: 'memfd-dontcache' })
    if (closing.status === 'unsupported') expect(closing.reason).toMatch(/^E[A-Z]+: .*RWF_DONTCACHE/)
    else expect(closing).toMatchObject({ status: 'ok', verified: true, figures: { residentBytesAfter: 0 } })
  })

  it('compares with the file itself where it is the user’s own', async () => {
    expect((await measure({ verify: 'file' })).closing).toMatchObject({ status: 'ok', verified: true })
  })

  it('marks what was not verified', async () => {
    const { closing } = await measure({ verify: 'none' })
    expect(closing).toMatchObject({ verified: false, marks: expect.arrayContaining(['not verified']) })
  })

  it('fails a sample with a wrong byte, and names its offset', async () => {
    const { closing } = await measure({ verify: 'seed:2' })
    expect(closing).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/wrong byte at offset 0/),
    })
  })

  it.each([
    ['missing', (at: string) => at],
    ['empty', (at: string) => void writeFileSync(at, '')],
    ['directory', (at: string) => void mkdirSync(at)],
    ['pipe', (at: string) => void execFileSync('mkfifo', [at])],
  ])('refuses a file that is %s', async (name, make) => {
    const bad = join(folder, `bad-${name}`)
    make(bad)
    await expect(run(inspectCommand(bad))).rejects.toMatchObject({ kind: 'bad-file' })
    await expect(measure({ path: bad })).rejects.toMatchObject({ kind: 'bad-file' })
  })

  it('does not call a file that shrank loaded', async () => {
    const shrunk = join(folder, 'shrunk')
    writeFileSync(shrunk, Buffer.alloc(2 * MiB, 'x'))
    truncateSync(shrunk, MiB)
    const outcome = await measure({ path: shrunk, bytes: 2 * MiB, verify: 'file' }).catch(
      (thrown: unknown) => thrown,
    )
    expect(outcome).toMatchObject({ kind: 'bad-file', message: expect.stringMatching(/1048576/) })
  })

  it('refuses pressure above the memory, with both numbers', async () => {
    await expect(run(pressureCommand(TiB))).rejects.toMatchObject({
      kind: 'no-memory',
      message: expect.stringMatching(/1099511627776.*\d{6}/),
    })
  })

  it('holds memory until its input closes', async () => {
    const session = await agent.hold(pressureCommand(16 * MiB), { signal: never })
    expect(session.ended).toBe(false)
    await session.stop()
    expect(session.ended).toBe(true)
  })

  it('dies of a cancel in mid-load', async () => {
    const abort = new AbortController()
    const running = agent.run(measureCommand(loadOf(path)), { signal: abort.signal })
    setTimeout(() => abort.abort(), 20)
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' })
  })
})

function loadOf(path: string): MeasureOptions {
  const common = { path, bytes, gatherBytes: MiB, readers: 1, heap: 'system', hugePages: false }
  return { scheme: 'memfd-direct', verify: 'seed:1', ...common }
}
