import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Agent } from './agent.ts'
import { startChild } from './childTransport.ts'
import { versionCommand } from './commands.ts'
import type { AgentLine } from './lines.ts'

/**
 * What an agent must not do, played by shell scripts; what it must do is tested against the real one.
 * Each script gets its closing lines from here.
 */
const version = '{"v":3,"type":"version","agent":"0.1.0","protocol":3,"arch":"x86_64"}'
const exitLine = (code: number | null, signal: string | null = null) =>
  JSON.stringify({ v: 3, type: 'exit', code, signal })

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-session-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

let scripts = 0
/** Its words are the first request's. */
function agentThat(script: string): string {
  scripts += 1
  const path = join(folder, `agent-${scripts}`)
  writeFileSync(path, `#!/bin/sh\nread -r request\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

const never = new AbortController().signal

function runVersion(program: string, signal = never, onLine?: (line: AgentLine) => void) {
  const agent = new Agent(() => startChild(program, ['serve']))
  return agent
    .run(versionCommand(), { signal, ...(onLine === undefined ? {} : { onLine }) })
    .finally(() => agent.close())
}

const failing = (script: string) => runVersion(agentThat(script)).catch((thrown: unknown) => thrown)

describe('an agent that misbehaves', () => {
  it('is heard to its closing line when it does not', async () => {
    const progress = '{"v":3,"type":"progress","doneBytes":1,"totalBytes":2}'
    const lines: AgentLine[] = []
    const program = agentThat(`echo '${progress}'; echo '${version}'; echo '${exitLine(0)}'; read -r more`)
    const closing = await runVersion(program, never, line => lines.push(line))
    expect(closing.agent).toBe('0.1.0')
    expect(lines.map(line => line.type)).toEqual(['progress'])
  })

  it.each([
    ['garbage', 'echo garbage', /not JSON: garbage/],
    ['an unknown type', `echo '{"v":3,"type":"poem"}'`, /unknown line/],
    ['a missing field', `echo '{"v":3,"type":"version","agent":"0.1.0"}'`, /unknown line \(protocol/],
    ['a span that ends before it starts', `echo '${backwardSpan()}'`, /ends before it starts/],
    ['another version', `echo '{"v":1,"type":"version"}'`, /speaks version 1 of the protocol/],
    ['half a line', `printf '%s' '{"v":3'`, /in the middle of a line/],
    ['no line', 'exit 0', /ended without a line of type version/],
    ['no closing line', `echo '${exitLine(0)}'; read -r more`, /ended without a line of type version/],
    ['no exit line', `echo '${version}'`, /ended without a line of type exit/],
    ['more after the end', `echo '${version}'; echo '${version}'`, /wrote on after its closing line/],
    ['binary', `printf '\\377\\376\\n'`, /not UTF-8/],
  ])('by writing %s, is agent-protocol', async (_, script, message) => {
    expect(await failing(script)).toMatchObject({
      kind: 'agent-protocol',
      message: expect.stringMatching(message),
    })
  })

  it('with a line of 100 MB, is stopped before the line is held', async () => {
    const before = process.memoryUsage()
    const failure = await failing("head -c 100000000 /dev/zero | tr '\\0' x")
    const after = process.memoryUsage()
    expect(failure).toMatchObject({ kind: 'agent-protocol', message: expect.stringContaining('65536 bytes') })
    expect(after.external + after.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(8e6)
  })

  it.each([
    [
      'exits with a code',
      'echo one >&2; echo the disk is gone >&2; exit 3',
      /code 3.*one \/ the disk is gone/,
    ],
    ['is killed', 'kill -SEGV $$', /ended by SIGSEGV/],
    ['exits badly after its closing line', `echo '${version}'; exit 3`, /code 3/],
    [
      'tells that its command ended badly',
      `echo why >&2; echo '${exitLine(3)}'; read -r more`,
      /code 3.*why/,
    ],
    ['tells that its command was killed', `echo '${exitLine(null, 'SIGKILL')}'; read -r more`, /by SIGKILL/],
    ['tells so after its closing line', `echo '${version}'; echo '${exitLine(3)}'; read -r more`, /code 3/],
  ])('that %s, is agent-failed', async (_, script, message) => {
    expect(await failing(script)).toMatchObject({
      kind: 'agent-failed',
      message: expect.stringMatching(message),
    })
  })

  it('that reports an error, is passed on with its kind', async () => {
    const error = '{"v":3,"type":"error","kind":"bad-file","message":"no such file","hint":"Look again."}'
    expect(await failing(`echo '${error}'; exit 3`)).toMatchObject({
      kind: 'bad-file',
      message: 'no such file',
      hint: 'Look again.',
    })
  })

  it('that floods stderr, is heard to its end', async () => {
    const program = agentThat(
      `head -c 3000000 /dev/zero | tr '\\0' x >&2; echo '${version}'; echo '${exitLine(0)}'; read -r more`,
    )
    expect((await runVersion(program)).type).toBe('version')
  })

  it('that cannot be started, is agent-failed', async () => {
    const missing = runVersion(join(folder, 'missing'))
    await expect(missing).rejects.toMatchObject({ kind: 'agent-failed' })
    const noProgram = join(folder, 'text')
    writeFileSync(noProgram, 'no program', { mode: 0o755 })
    await expect(runVersion(noProgram)).rejects.toMatchObject({ kind: 'agent-failed' })
  })

  it('that hangs and ignores its closed input, is killed after a cancel', async () => {
    const abort = new AbortController()
    const pidFile = join(folder, 'pid')
    const running = runVersion(agentThat(`echo $$ > ${pidFile}; exec sleep 3600`), abort.signal)
    await expect.poll(() => isRunning(pidFile)).toBe(true)
    abort.abort()
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' })
    await expect.poll(() => isRunning(pidFile)).toBe(false)
  })

  it('that says nothing for too long, is agent-failed', async () => {
    const program = agentThat('exec sleep 3600')
    const impatient = { ...versionCommand(), silenceLimitMs: 100 }
    const running = new Agent(() => startChild(program, ['serve'])).run(impatient, { signal: never })
    await expect(running).rejects.toMatchObject({
      kind: 'agent-failed',
      message: expect.stringMatching(/said nothing/),
    })
  })
})

describe('an agent', () => {
  const starts = join(tmpdir(), `dmabuf-lab-starts-${process.pid}`)
  const serving = (answer: string) =>
    agentThat(`echo started >> ${starts}; echo '${answer}'; while read -r request; do echo '${answer}'; done`)
  const startCount = () => readFileSync(starts, 'utf8').trim().split('\n').length
  afterEach(() => rmSync(starts, { force: true }))

  it('is started once for many commands', async () => {
    const program = serving(`${version}\n${exitLine(0)}`)
    const agent = new Agent(() => startChild(program, ['serve']))
    for (let i = 0; i < 3; i += 1) await agent.run(versionCommand(), { signal: never })
    expect(startCount()).toBe(1)
    await agent.close()
  })

  it('is started again after a command that failed', async () => {
    const program = serving(exitLine(null, 'SIGKILL'))
    const agent = new Agent(() => startChild(program, ['serve']))
    for (let i = 0; i < 2; i += 1) {
      await expect(agent.run(versionCommand(), { signal: never })).rejects.toThrow('SIGKILL')
    }
    expect(startCount()).toBe(2)
  })

  it('is started again where it ended while nothing was asked of it', async () => {
    const program = agentThat(`echo started >> ${starts}; echo '${version}'; echo '${exitLine(0)}'`)
    const agent = new Agent(() => startChild(program, ['serve']))
    await agent.run(versionCommand(), { signal: never })
    await sleep(100)
    await agent.run(versionCommand(), { signal: never })
    expect(startCount()).toBe(2)
  })

  it('serves two commands at once with a process each, and keeps one', async () => {
    const program = serving(`${version}\n${exitLine(0)}`)
    const agent = new Agent(() => startChild(program, ['serve']))
    const run = () => agent.run(versionCommand(), { signal: never })
    await Promise.all([run(), run()])
    await run()
    expect(startCount()).toBe(2)
    await agent.close()
  })
})

function backwardSpan(): string {
  return '{"v":3,"type":"span","lane":"caller","phase":"open","startNs":2,"endNs":1,"bytes":0,"gather":null}'
}

function isRunning(pidFile: string): boolean {
  return existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`)
}
