import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MiB } from '../../contract/size.ts'
import { builtAgentDirectory } from '../agent/builtAgents.ts'
import { openTarget } from './openTarget.ts'
import type { Target } from './target.ts'

const never = new AbortController().signal

describe('this machine as a target', () => {
  let dataDirectory: string
  let target: Target

  const open = (agentDirectory: string) => {
    const adbServer = { host: '127.0.0.1', port: 1 }
    return openTarget('local', { agentDirectory, dataDirectory, adbServer }, never)
  }
  beforeAll(async () => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'dmabuf-lab-local-'))
    target = await open(builtAgentDirectory)
    await target.probe({ directory: null, heap: 'system' }, never)
  })
  afterAll(async () => {
    await target.dispose()
    rmSync(dataDirectory, { recursive: true })
  })

  it('says where the agent is missing, and how to get one', async () => {
    await expect(open(dataDirectory)).rejects.toMatchObject({
      kind: 'target-unavailable',
      message: expect.stringContaining(dataDirectory),
      hint: 'Build it with: node device/agent/build.ts',
    })
  })

  it('says that an agent cannot be executed', async () => {
    const folder = join(dataDirectory, 'plain')
    mkdirSync(folder)
    for (const machine of ['x86_64', 'aarch64']) {
      writeFileSync(join(folder, `dmabuf-lab-agent-${machine}`), '', { mode: 0o644 })
    }
    await expect(open(folder)).rejects.toMatchObject({ message: expect.stringContaining('not executable') })
  })

  it('prepares generated files under the data folder', async () => {
    const generated = { bytes: 32 * MiB, seed: 3, directory: null }
    const file = await target.prepare(generated, () => {}, never)
    expect(file).toEqual({
      path: join(dataDirectory, 'files', `generated-seed3-${32 * MiB}.bin`),
      bytes: 32 * MiB,
      content: { from: 'seed', seed: 3 },
    })
  })

  it('makes them in a state in a folder of their own, and verifies by the file what the seed does not tell', async () => {
    const generated = { bytes: MiB, seed: 3, state: 'sparse', directory: null } as const
    const file = await target.prepare(generated, () => {}, never)
    const path = join(dataDirectory, 'files', 'generated-sparse', `generated-seed3-${MiB}.bin`)
    expect(file).toEqual({ path, bytes: MiB, content: { from: 'file' } })
    const refused = target.prepare({ ...generated, state: 'inline' }, () => {}, never)
    await expect(refused).rejects.toMatchObject({ kind: 'unsupported', hint: expect.stringMatching(/inode/) })
  })

  it('says of a name that is not UTF-8 why it cannot be read', async () => {
    const name = Buffer.concat([Buffer.from(`${dataDirectory}/caf`), Buffer.from([0xe9])])
    writeFileSync(name, 'content')
    await expect(target.inspect(name.toString(), never)).rejects.toMatchObject({
      kind: 'bad-file',
      message: expect.stringContaining('not UTF-8'),
      hint: expect.stringContaining('ln -s'),
    })
  })

  it('holds pressure until it is stopped', async () => {
    const pressure = await target.startPressure(16 * MiB, never)
    const [agent = ''] = children(process.pid)
    const [worker = ''] = children(agent)
    expect(residentBytes(worker)).toBeGreaterThanOrEqual(16 * MiB)
    await pressure.confirm(never)
    await pressure.stop()
    expect(children(process.pid)).toEqual([])
  })

  it('does not hide that the pressure ended early', async () => {
    const pressure = await target.startPressure(16 * MiB, never)
    const [agent = ''] = children(process.pid)
    const [worker = ''] = children(agent)
    process.kill(Number(worker), 'SIGKILL')
    // It waits for another request, having told how this one ended.
    await expect.poll(() => children(agent)).toEqual([expect.not.stringMatching(worker)])
    await expect(pressure.confirm(never)).rejects.toMatchObject({ kind: 'no-memory' })
    await expect(pressure.stop()).rejects.toMatchObject({ kind: 'no-memory' })
  })
})

/** Agents that a process has started. */
function children(parent: string | number): string[] {
  const all = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')
  return all.filter(pid => pid !== '' && commandOf(pid).includes('dmabuf-lab-agent'))
}

/** Nothing of a process that has ended meanwhile. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function residentBytes(pid: string): number {
  const kiB = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kiB) * 1024
}
