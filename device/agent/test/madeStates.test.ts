import { copyFileSync, existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import type { MadeState } from '../../../contract/plan.ts'
import { errorLineSchema, probeLineSchema } from '../../../engine/agent/lines.ts'
import { Bench, NotHere } from '../../../scripts/surroundings/bench.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { lastLine, optionWords, runAgent, sampleOf } from './agentRun.ts'
import { makeTestFolder, removeTestFolder } from './testFolder.ts'

const MiB = 2 ** 20
let binary = ''

beforeAll(async () => {
  binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64' })
})

const run = (verb: string, options: Readonly<Record<string, string | number>>) =>
  runAgent({ binary }, [verb, ...optionWords(options)])
const nameOf = (bytes: number) => `generated-seed1-${bytes}.bin`

async function prepare(folder: string, state: string, bytes: number) {
  const path = join(folder, `generated-${state}`, nameOf(bytes))
  return { path, line: lastLine(await run('prepare', { path, bytes, seed: 1, state })) }
}

async function statesOf(path: string): Promise<readonly string[]> {
  return probeLineSchema.parse(lastLine(await run('probe', { file: path }))).file?.states ?? []
}

/** Made, found again, loaded and verified, made anew where another file has its place, and removed with its folder. */
async function goesThrough(folder: string, state: MadeState, bytes: number): Promise<void> {
  const { path, line } = await prepare(folder, state, bytes)
  expect(line).toMatchObject({ type: 'prepared', path, bytes, reused: false })
  expect(await statesOf(path)).toContain(state)
  expect((await prepare(folder, state, bytes)).line).toMatchObject({ reused: true })
  const load = { scheme: 'memfd-buffered', path, bytes, verify: 'file', cold: 1 }
  expect(sampleOf(await run('measure', load)).sample).toMatchObject({ status: 'ok', verified: true })
  const cleaned = await run('clean', { dir: folder, remove: 1 })
  expect(lastLine(cleaned)).toMatchObject({ type: 'cleaned', files: 1, bytes })
  expect(existsSync(join(folder, `generated-${state}`))).toBe(false)
}

describe('a state that every file system has, or none', () => {
  const folder = makeTestFolder()
  afterAll(() => removeTestFolder(folder))

  test('a sparse file has zeros in its holes, a file of the same size without any is not taken for it', async () => {
    const { path, line } = await prepare(folder, 'sparse', MiB + 3)
    expect(line).toMatchObject({ type: 'prepared', reused: false })
    expect(statSync(path).blocks * 512).toBeLessThan(MiB)
    const whole = join(folder, 'whole.bin')
    copyFileSync(path, whole)
    await run('prepare', { path: whole, bytes: MiB + 3, seed: 1 })
    renameSync(whole, path)
    expect((await prepare(folder, 'sparse', MiB + 3)).line).toMatchObject({ reused: false })
    expect(await statesOf(path)).toContain('sparse')
  })

  test('what cannot be had is refused with what would help, and leaves no file', async () => {
    const { path, line } = await prepare(folder, 'inline', MiB)
    expect(errorLineSchema.parse(line)).toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('can be made inline'),
      hint: expect.stringContaining('fits into an inode'),
    })
    expect(readdirSync(join(path, '..'))).toEqual([])
  })

  test('a folder whose parent is missing is no matter of the state', async () => {
    const { line } = await prepare(join(folder, 'missing'), 'sparse', MiB)
    expect(errorLineSchema.parse(line)).toMatchObject({ kind: 'bad-file', errno: 'ENOENT' })
  })

  test('there are no other states', async () => {
    const { line } = await prepare(folder, 'frozen', MiB)
    expect(errorLineSchema.parse(line)).toMatchObject({
      kind: 'bad-input',
      message: 'there is no file state frozen',
    })
  })
})

const notRoot = process.getuid?.() === 0 ? null : 'not root: file systems cannot be mounted'

describe.skipIf(notRoot !== null)(`file systems${notRoot === null ? '' : ` (skipped: ${notRoot})`}`, () => {
  const bench = new Bench()
  afterAll(() => bench.takeDown())

  test('ext4, btrfs and xfs make what they can', async ({ skip }: TestContext) => {
    try {
      const ext4 = bench.loopMount('ext4', ['mkfs.ext4', '-q', '-F', '-O', 'encrypt,inline_data'])
      await goesThrough(ext4, 'encrypted', MiB + 3)
      await goesThrough(ext4, 'fragmented', MiB + 3)
      await goesThrough(ext4, 'immutable', MiB)
      await goesThrough(ext4, 'inline', 50)
      expect(errorLineSchema.parse((await prepare(ext4, 'compressed', MiB)).line).kind).toBe('unsupported')
      const btrfs = bench.loopMount('btrfs', ['mkfs.btrfs', '-q', '-f'])
      await goesThrough(btrfs, 'compressed', MiB + 3)
      await goesThrough(btrfs, 'fragmented', MiB + 3)
      const xfs = bench.loopMount('xfs', ['mkfs.xfs', '-q', '-f'])
      await goesThrough(xfs, 'fragmented', MiB + 3)
      expect(errorLineSchema.parse((await prepare(xfs, 'encrypted', MiB)).line).kind).toBe('unsupported')
    } catch (thrown) {
      if (thrown instanceof NotHere) skip(`not here: ${thrown.message}`)
      throw thrown
    }
  })
})
