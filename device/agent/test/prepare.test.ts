import { once } from 'node:events'
import {
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorLineSchema } from '../../../engine/agent/lines.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { lastLine, optionWords, runAgent, startAgent } from './agentRun.ts'
import { makeTestFolder, removeTestFolder } from './testFolder.ts'

const MiB = 1024 * 1024
const GiB = 1024 * MiB
const folder = makeTestFolder()
let binary = ''

beforeAll(async () => {
  binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64' })
})
afterAll(() => removeTestFolder(folder))

const unfinished = () => readdirSync(folder).filter(name => name.startsWith('.dmabuf-lab-'))
const prepare = (path: string, bytes: number, seed = 1) =>
  runAgent({ binary }, ['prepare', ...optionWords({ path, bytes, seed })])

describe('prepare', () => {
  test('makes a file, then reuses it', async () => {
    const path = join(folder, 'made.bin')
    expect(lastLine(await prepare(path, MiB + 3))).toMatchObject({ type: 'prepared', path, reused: false })
    expect(lastLine(await prepare(path, MiB + 3))).toMatchObject({ bytes: MiB + 3, reused: true })
    expect(readdirSync(folder)).toEqual(['made.bin'])
  })

  test('makes the file again when one byte, the size or the seed differs', async () => {
    const path = join(folder, 'changed.bin')
    await prepare(path, MiB + 3)
    writeSync(openSync(path, 'r+'), Buffer.from('x'), 0, 1, MiB + 2)
    expect(lastLine(await prepare(path, MiB + 3))).toMatchObject({ reused: false })
    expect(lastLine(await prepare(path, MiB + 2))).toMatchObject({ reused: false })
    expect(lastLine(await prepare(path, MiB + 2, 2))).toMatchObject({ reused: false })
    expect(lastLine(await prepare(path, MiB + 2, 2))).toMatchObject({ reused: true })
  })

  test('tells its progress', async () => {
    const { lines } = await prepare(join(folder, 'progress.bin'), 256 * MiB)
    const progress = lines.filter(line => line.type === 'progress')
    expect(progress.length).toBeGreaterThan(0)
    expect(progress.every(line => line.totalBytes === 256 * MiB)).toBe(true)
  })

  test('refuses a size beyond the free space with both numbers', async () => {
    const path = join(folder, 'huge.bin')
    const run = await prepare(path, 2 ** 50)
    expect(run.code).toBe(3)
    const error = errorLineSchema.parse(lastLine(run))
    expect(error.kind).toBe('no-space')
    expect(error.message).toMatch(
      /^1024TiB \(1125899906842624 bytes\) do not fit into the free space of \S+B \(\d+ bytes\)/,
    )
    expect(readdirSync(folder).filter(name => name.startsWith('huge'))).toEqual([])
  })

  test('does not touch what is not a regular file', async () => {
    const path = join(folder, 'directory')
    mkdirSync(path)
    const run = await prepare(path, 4096)
    expect(errorLineSchema.parse(lastLine(run)).kind).toBe('bad-file')
    expect(statSync(path).isDirectory()).toBe(true)
  })

  test('names the directory that is missing', async () => {
    const run = await prepare(join(folder, 'missing', 'file.bin'), 4096)
    expect(errorLineSchema.parse(lastLine(run))).toMatchObject({ kind: 'bad-file', errno: 'ENOENT' })
  })

  test('leaves the old file and no half-written one when it is stopped', async () => {
    const path = join(folder, 'stopped.bin')
    writeFileSync(path, 'old')
    const child = startAgent({ binary }, ['prepare', ...optionWords({ path, bytes: GiB, seed: 1 })])
    const [progress] = await once(child.stdout, 'data')
    expect(String(progress)).toContain('"progress"')
    expect(unfinished()).toHaveLength(1)
    child.stdin.end()
    await once(child, 'close')
    expect(unfinished()).toEqual([])
    expect(statSync(path).size).toBe(3)
  })

  test('what a killed one left goes with the next, and what another is making stays', async () => {
    const begin = async (name: string) => {
      const path = join(folder, name)
      const child = startAgent({ binary }, ['prepare', ...optionWords({ path, bytes: GiB, seed: 1 })])
      await once(child.stdout, 'data')
      return child
    }
    const killed = await begin('killed.bin')
    killed.kill('SIGKILL')
    await once(killed, 'close')
    const [left] = unfinished()
    const living = await begin('living.bin')
    expect(unfinished()).toHaveLength(1)
    expect(unfinished()).not.toEqual([left])
    expect(lastLine(await prepare(join(folder, 'small.bin'), 4096))).toMatchObject({ type: 'prepared' })
    expect(unfinished()).toHaveLength(1)
    living.stdin.end()
    await once(living, 'close')
    expect(unfinished()).toEqual([])
  })

  test('takes no file that stands under a name it might choose', async () => {
    const path = join(folder, 'shared.bin')
    const other = join(folder, 'other.txt')
    writeFileSync(other, 'mine')
    symlinkSync(other, `${path}.part`)
    expect(lastLine(await prepare(path, 4096))).toMatchObject({ type: 'prepared' })
    expect(readFileSync(other, 'utf8')).toBe('mine')
    expect(statSync(path).mode & 0o022).toBe(0)
  })
})
