import { on, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { LineSplitter } from '../../../engine/agent/lineSplitter.ts'
import { errorLineSchema } from '../../../engine/agent/lines.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { type AgentProcess, type Line, lineSchema, optionWords, startAgent } from './agentRun.ts'
import { makeTestFolder, removeTestFolder } from './testFolder.ts'

const MiB = 1024 * 1024
const bytes = 8 * MiB
const folder = makeTestFolder()
const path = join(folder, 'content.bin')
afterAll(() => removeTestFolder(folder))

const exitSchema = z.object({ code: z.number().nullable(), signal: z.string().nullable() })
type Answer = { readonly lines: Line[]; readonly exit: z.infer<typeof exitSchema> }

/** As the engine cuts them. Node's readline ends a line at U+2028 as well, which a file's name may contain. */
async function* linesOf(stream: Readable): AsyncGenerator<string, undefined> {
  const splitter = new LineSplitter()
  for await (const [chunk] of on(stream, 'data', { close: ['end'] })) yield* splitter.push(chunk)
}

describe.each([
  ['the agent', false],
  ['its sanitizer build', true],
])('%s, asked to serve', (_, sanitize) => {
  let binary: string
  let server: AgentProcess
  let stderr: Promise<string>
  let received: AsyncIterator<string> | null

  beforeAll(async () => {
    binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64', sanitize })
    start()
    await ask(['prepare', ...optionWords({ path, bytes, seed: 1 })])
    await end()
  })

  function start() {
    server = startAgent({ binary }, ['serve'])
    server.stdin.on('error', () => {})
    stderr = text(server.stderr)
    received = null
  }

  /** Closes its standard input; resolves with its exit code once all of its processes are gone. */
  async function end(): Promise<number | null> {
    const closed = once(server, 'close')
    server.stdin.end()
    server.stdout.resume()
    await closed
    return server.exitCode
  }

  afterEach(async () => {
    if (server.exitCode === null && server.signalCode === null) await end()
    expect(await stderr).toBe('')
  })

  async function nextLine(): Promise<Line> {
    received ??= linesOf(server.stdout)
    const next = await received.next()
    if (next.done === true) throw new Error('the agent ended')
    return lineSchema.parse(JSON.parse(next.value))
  }

  async function answer(): Promise<Answer> {
    const lines: Line[] = []
    for (;;) {
      const line = await nextLine()
      if (line.type === 'exit') return { lines, exit: exitSchema.parse(line) }
      lines.push(line)
    }
  }

  function ask(request: readonly string[] | Buffer): Promise<Answer> {
    server.stdin.write(Array.isArray(request) ? `${JSON.stringify(request)}\n` : request)
    return answer()
  }

  /** The process that runs the request, or waits for the next one. */
  async function worker(): Promise<string> {
    const children = () => readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim()
    await expect.poll(children).toMatch(/^\d+$/)
    return children()
  }

  const measureWords = (gather: number) => [
    'measure',
    ...optionWords({ scheme: 'memfd-gather-buffered', path, bytes, gather, cold: 0, verify: 'seed:1' }),
  ]

  test('runs one command after the other, each in a process of its own', async () => {
    start()
    const seen = new Set<string>()
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const { lines, exit } = await ask(measureWords(MiB))
      expect(lines.at(-1)).toMatchObject({ type: 'sample', status: 'ok', verified: true })
      expect(exit).toEqual({ code: 0, signal: null })
      seen.add(await worker())
    }
    expect(seen.size).toBe(3)
    expect(await end()).toBe(0)
  })

  test('takes every word as it was sent', async () => {
    start()
    const name = fc.string({ unit: 'grapheme', maxLength: 100 }).filter(word => !word.includes('\0'))
    await fc.assert(
      fc.asyncProperty(name, async word => {
        const missing = `${folder}/none/${word}`
        const { lines, exit } = await ask(['inspect', '--path', missing])
        expect(exit.code).toBe(3)
        expect(errorLineSchema.parse(lines[0]).message).toContain(`cannot read ${missing}: `)
      }),
      {
        numRuns: 50,
        examples: [
          ['"\\/\b\f\n\r\t\u007f\u0001'],
          ['é\u07ff\u0800\ud7ff\ue000\uffff😀\u{10ffff}'],
          ['\u0085\u2028\u2029'],
        ],
      },
    )
    expect((await ask(Buffer.from('\t[ "version" ] \r\n'))).lines).toMatchObject([{ type: 'version' }])
    expect((await ask(Buffer.from('["\\u0076ersion"]\n'))).lines).toMatchObject([{ type: 'version' }])
  })

  test.each([
    'garbage',
    '',
    '[]',
    '[1]',
    '{}',
    '"version"',
    '["version"',
    '["version"]]',
    '["version",]',
    '["version" "version"]',
    '["version]',
    '["version\\"]',
    '["\\version"]',
    '["\\u00"]',
    '["\\u0000"]',
    '["\\ud800"]',
    '["\\ud800\\u0041"]',
    '["\\udc00"]',
    '["a\tb"]',
    '["version"]\0',
  ])('refuses %j, and goes on', async garbage => {
    start()
    const { lines, exit } = await ask(Buffer.from(`${garbage}\n`))
    expect(lines).toMatchObject([{ type: 'error', kind: 'bad-input' }])
    expect(exit).toEqual({ code: 2, signal: null })
    expect((await ask(['version'])).exit.code).toBe(0)
  })

  test('refuses more words than any command has', async () => {
    start()
    expect((await ask(Array(65).fill('version'))).exit.code).toBe(2)
    expect((await ask(['version'])).exit.code).toBe(0)
  })

  test.each(['serve', 'request', 'fly', ''])('knows no command %j', async word => {
    start()
    const { lines, exit } = await ask([word])
    expect(errorLineSchema.parse(lines[0]).message).toBe(`"${word}" is not a command`)
    expect(exit.code).toBe(2)
  })

  test('stops at a line that is too long', async () => {
    start()
    const closed = once(server, 'close')
    server.stdin.write('x'.repeat(64 * 1024 + 1))
    expect(await nextLine()).toMatchObject({ type: 'error', kind: 'bad-input' })
    await closed
    expect(server.exitCode).toBe(2)
  })

  test('runs a request that came early in its turn', async () => {
    start()
    server.stdin.write('["version"]\n["inspect"]\n["version"]\n')
    const answers = [await answer(), await answer(), await answer()]
    expect(answers.map(({ exit }) => exit.code)).toEqual([0, 2, 0])
  })

  test('outlives a process that is killed, and tells the signal', async () => {
    start()
    server.stdin.write('["pressure","--bytes","4096"]\n')
    expect(await nextLine()).toMatchObject({ type: 'pressure' })
    process.kill(Number(await worker()), 'SIGKILL')
    expect((await answer()).exit).toEqual({ code: null, signal: 'SIGKILL' })
    expect((await ask(['version'])).exit.code).toBe(0)
  })

  test('passes on whole lines only, however its process ended', async () => {
    start()
    // More spans than all the buffers on their way hold: the process is in the middle of writing them.
    server.stdin.write(`${JSON.stringify(measureWords(4096))}\n`)
    const writer = await worker()
    await expect.poll(() => isWriting(writer)).toBe(true)
    process.kill(Number(writer), 'SIGKILL')
    const { lines, exit } = await answer()
    expect(exit).toEqual({ code: null, signal: 'SIGKILL' })
    expect(lines.length).toBeGreaterThan(500)
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(['span']))
  })

  test('leaves no process behind when it is killed itself', async () => {
    start()
    server.stdin.write('["pressure","--bytes","4096"]\n')
    expect(await nextLine()).toMatchObject({ type: 'pressure' })
    // Its standard error is the process's too, and closes with the last of them.
    const closed = once(server, 'close')
    server.stdout.resume()
    server.kill('SIGKILL')
    await closed
  })
})

/** write() on x86-64 and on aarch64. */
const writeNumbers = ['1', '64']

function isWriting(pid: string): boolean {
  return writeNumbers.includes(readFileSync(`/proc/${pid}/syscall`, 'utf8').split(' ')[0] ?? '')
}
