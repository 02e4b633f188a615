import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorLineSchema } from '../../../engine/agent/lines.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { type AgentProcess, lastLine, optionWords, runAgent, startAgent } from './agentRun.ts'
import { makeTestFolder, noDirectReads, removeTestFolder } from './testFolder.ts'

const MiB = 1024 * 1024
const folder = makeTestFolder()
const path = join(folder, 'content.bin')
let binary = ''

beforeAll(async () => {
  binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64' })
  writeFileSync(path, Buffer.alloc(MiB, 7))
})
afterAll(() => removeTestFolder(folder))

async function failureOf(words: readonly string[]) {
  const run = await runAgent({ binary }, words)
  return { code: run.code, ...errorLineSchema.parse(lastLine(run)) }
}

const measureWords = (options: Record<string, string | number>) => [
  'measure',
  ...optionWords({ scheme: 'memfd-buffered', path, bytes: 4096, ...options }),
]

describe('usage', () => {
  test.each([
    [['fly'], '"fly" is not a command'],
    [[], '"" is not a command'],
    [['measure'], 'option --scheme is missing'],
    [['measure', '--scheme'], 'option --scheme has no value'],
    [['measure', '--colour', 'red'], 'unknown option --colour'],
    [
      ['ceiling', '--path', '/x', '--bytes', '4096', '--block', '4096'],
      '--block and --depth do not fit together',
    ],
  ])('%j is refused', async (words, message) => {
    expect(await failureOf(words)).toMatchObject({ code: 2, kind: 'bad-input', message })
  })

  test.each([
    ['bytes', 0],
    ['bytes', -1],
    ['bytes', '1e3'],
    ['bytes', '18446744073709551616'],
    ['readers', 65],
    ['gather', 4095],
    ['cold', 2],
  ])('--%s %s is refused', async (name, value) => {
    const failure = await failureOf(measureWords({ [name]: value }))
    expect(failure).toMatchObject({ code: 2, kind: 'bad-input' })
    expect(failure.message).toContain(`--${name} is "${value}"`)
  })

  test('an unknown scheme, an unknown verification and a heap that is a path are refused', async () => {
    expect(await failureOf(measureWords({ scheme: 'warp' }))).toMatchObject({
      code: 2,
      message: 'there is no scheme warp',
    })
    expect(await failureOf(measureWords({ verify: 'seed:x' }))).toMatchObject({ code: 2 })
    expect(await failureOf(measureWords({ heap: '../mem' }))).toMatchObject({
      code: 2,
      message: '--heap is "../mem"',
    })
  })

  test('a gather that makes too many gathers is refused', async () => {
    const big = join(folder, 'sparse.bin')
    writeFileSync(big, '')
    truncateSync(big, 2 ** 31)
    const options = { scheme: 'memfd-gather-buffered', path: big, bytes: 2 ** 31, gather: 4096 }
    expect(await failureOf(measureWords(options))).toMatchObject({ code: 2, kind: 'bad-input' })
  })
})

describe('files', () => {
  const bad = (name: string) => join(folder, name)

  beforeAll(() => {
    mkdirSync(bad('directory'))
    writeFileSync(bad('empty'), '')
    execFileSync('mkfifo', [bad('fifo')])
  })

  test.each([
    ['missing', 'No such file or directory'],
    ['directory', 'a directory'],
    ['empty', 'empty'],
    ['fifo', 'a FIFO'],
    ['/dev/zero', 'a device'],
  ])('%s is a bad file', async (name, why) => {
    const file = name.startsWith('/') ? name : bad(name)
    for (const words of [['inspect', '--path', file], measureWords({ path: file })]) {
      const failure = await failureOf(words)
      expect(failure).toMatchObject({ code: 3, kind: 'bad-file' })
      expect(failure.message).toContain(why)
    }
  })

  test('a path with quotes, control characters and emoji is reported as it is', async () => {
    const failure = await failureOf(['inspect', '--path', join(folder, 'a"b\\c\u0001\u{1F600}')])
    expect(failure.message).toContain('a"b\\c\u0001\u{1F600}')
  })

  test('a size beyond the file or the memory is refused with both numbers', async () => {
    expect((await failureOf(measureWords({ bytes: MiB + 1 }))).message).toContain(
      `has 1MiB (${MiB} bytes), 1MiB (${MiB + 1} bytes) were asked for`,
    )
    const big = bad('larger-than-memory')
    const bytes = freemem() * 64
    writeFileSync(big, '')
    truncateSync(big, bytes)
    const failure = await failureOf(measureWords({ path: big, bytes }))
    expect(failure).toMatchObject({ code: 3, kind: 'no-memory' })
    expect(failure.message).toMatch(
      new RegExp(
        `^\\S+iB \\(${bytes} bytes\\) do not fit into the available memory of \\S+iB \\(\\d+ bytes\\)$`,
      ),
    )
  })

  test('pressure beyond the memory is refused', async () => {
    expect(await failureOf(['pressure', '--bytes', String(2 ** 50)])).toMatchObject({
      code: 3,
      kind: 'no-memory',
    })
  })
})

/** The agent has looked at the file's size when it holds it open, and is still dropping caches then. */
async function untilOpen(child: AgentProcess, file: string): Promise<void> {
  const folderOfFds = `/proc/${child.pid}/fd`
  const holdsIt = () => readdirSync(folderOfFds).some(fd => readlinkSync(join(folderOfFds, fd)) === file)
  for (let tries = 0; tries < 5000; tries++) {
    try {
      if (holdsIt()) return
    } catch {
      // The descriptor went away between the two calls.
    }
    await sleep(0)
  }
  throw new Error('the agent never opened the file')
}

describe('a file that shrinks while it is loaded', () => {
  const bytes = 64 * MiB

  test.each(['memfd-mmap-copy', 'memfd-buffered', 'memfd-sendfile-buffered', 'memfd-gather-buffered'])(
    'fails %s with the offset',
    async scheme => {
      await expectShrinkFailure(scheme)
    },
  )

  test.skipIf(noDirectReads !== null).each(['memfd-direct', 'memfd-gather-direct', 'memfd-async-direct'])(
    `fails %s with the offset${noDirectReads === null ? '' : ` (skipped: ${noDirectReads})`}`,
    async scheme => {
      await expectShrinkFailure(scheme)
    },
  )

  async function expectShrinkFailure(scheme: string): Promise<void> {
    const shrinking = join(folder, `shrinking-${scheme}`)
    writeFileSync(shrinking, Buffer.alloc(bytes, 7))
    const child = startAgent({ binary }, measureWords({ scheme, path: shrinking, bytes, gather: 4 * MiB }))
    const output = child.stdout.setEncoding('utf8').toArray()
    await untilOpen(child, shrinking)
    truncateSync(shrinking, 4096 + 5)
    await once(child, 'close')
    const sample = JSON.parse((await output).join('').trim().split('\n').at(-1) ?? '')
    expect(child.exitCode).toBe(0)
    expect(sample).toMatchObject({ type: 'sample', status: 'failed', totalNs: null })
    expect(sample.reason).toMatch(/^the file ended at byte \d+ while it was read$/)
  }
})
