import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  errorLineSchema,
  heldLineSchema,
  pressureLineSchema,
  probeLineSchema,
} from '../../../engine/agent/lines.ts'
import { findProgram } from '../../virtual/findProgram.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { type AgentCommand, lastLine, optionWords, runAgent, sampleOf, startAgent } from './agentRun.ts'
import { makeTestFolder, noDirectReads, removeTestFolder } from './testFolder.ts'

const MiB = 2 ** 20
const bytes = 8 * MiB
const folder = makeTestFolder()
const skipped = noDirectReads === null ? '' : ` (skipped: ${noDirectReads})`
let agent: AgentCommand = { binary: '' }

beforeAll(async () => {
  agent = { binary: await buildAgent({ arch: hostAgentArch() ?? 'x86_64' }) }
  writeFileSync(join(folder, 'random'), randomBytes(bytes))
  writeFileSync(join(folder, 'text'), 'the same words again and again\n'.repeat(bytes / 31))
  writeFileSync(join(folder, 'hole'), '')
  truncateSync(join(folder, 'hole'), bytes)
  writeFileSync(join(folder, 'large'), '')
  truncateSync(join(folder, 'large'), 64 * MiB)
  spawnSync('sync', [folder])
})
afterAll(() => removeTestFolder(folder))

const probe = async (name: string) =>
  probeLineSchema.parse(lastLine(await runAgent(agent, ['probe', '--file', join(folder, name)])))

async function measure(scheme: string, name: string, command = agent, loadBytes = bytes) {
  const options = { scheme, path: join(folder, name), bytes: loadBytes, verify: 'file' }
  return runAgent(command, ['measure', ...optionWords(options)])
}

/** The agent under a ulimit of bash. */
function limited(limit: string): AgentCommand {
  return { ...agent, prefix: ['bash', '-c', `ulimit ${limit}; exec "$@"`, '--'] }
}

describe('a file that is looked at before it is measured', () => {
  test('is described with its own folder and what can be made of it', async () => {
    const { directory, file } = await probe('random')
    expect(directory).toBe(folder)
    expect(file).toMatchObject({ bytes, holeBytes: 0, entropyMillibits: 8000, states: [] })
    expect((await probe('text')).file?.states).toContain('compressible')
  })

  test('says its holes, and a load of them is not from the storage', async () => {
    const { file } = await probe('hole')
    expect(file).toMatchObject({ holeBytes: bytes, states: expect.arrayContaining(['sparse']) })
    const { sample } = sampleOf(await measure('memfd-buffered', 'hole'))
    expect(sample).toMatchObject({ status: 'ok', cold: false, marks: ['not all from storage'] })
    const ceiling = await runAgent(agent, ['ceiling', ...optionWords({ path: join(folder, 'hole'), bytes })])
    expect(errorLineSchema.parse(lastLine(ceiling))).toMatchObject({
      kind: 'unsupported',
      message: expect.stringMatching(/came from the storage|stays in the page cache/),
    })
  })

  test.skipIf(noDirectReads !== null)(`has no direct load where it has holes${skipped}`, async () => {
    const { sample } = sampleOf(await measure('memfd-direct', 'hole'))
    expect(sample).toMatchObject({ cold: false, direct: false })
    expect(sample.marks).toContain('path not proved')
  })

  test('is not asked for by a name that is no text', async () => {
    const run = await runAgent(agent, ['inspect', '--path', join(folder, 'caf\ufffd')])
    expect(errorLineSchema.parse(lastLine(run))).toMatchObject({
      errno: 'ENOENT',
      message: expect.stringContaining('not UTF-8'),
    })
  })
})

describe('a limit', () => {
  test('on the size of files refuses a load and a file beforehand, with both numbers', async () => {
    // bash counts in KiB.
    const load = await measure('memfd-buffered', 'random', limited('-f 4096'))
    expect(errorLineSchema.parse(lastLine(load))).toMatchObject({
      kind: 'no-memory',
      message: expect.stringMatching(/8388608 bytes.*4194304 bytes/),
    })
    const options = { path: join(folder, 'new'), bytes, seed: 1 }
    const prepared = await runAgent(limited('-f 4096'), ['prepare', ...optionWords(options)])
    expect(errorLineSchema.parse(lastLine(prepared))).toMatchObject({
      kind: 'no-space',
      errno: 'EFBIG',
      message: expect.stringMatching(/8388608 bytes.*4194304 bytes/),
    })
  })

  test('on the address space does so, too, and the probe tells it', async () => {
    const run = await measure('memfd-buffered', 'large', limited('-v 32768'), 64 * MiB)
    expect(errorLineSchema.parse(lastLine(run))).toMatchObject({
      kind: 'no-memory',
      message: expect.stringMatching(/67108864 bytes.*33554432 bytes/),
    })
    const told = await runAgent(limited('-v 102400'), ['probe', '--dir', folder])
    expect(probeLineSchema.parse(lastLine(told)).limits).toMatchObject({ addressSpaceBytes: 100 * MiB })
  })
})

const noNamespace =
  process.getuid?.() === 0 && findProgram('unshare') ? noDirectReads : 'needs root and unshare'

/** As in a container that mounts no control groups: its own group is called `/` there, and may have limits all the same. */
test.skipIf(noNamespace !== null)(
  `limits of control groups that are out of sight are not told${noNamespace === null ? '' : ` (skipped: ${noNamespace})`}`,
  async () => {
    const unmounted = 'if [ -d /sys/fs/cgroup ]; then umount -R /sys/fs/cgroup; fi; exec "$@"'
    const prefix = ['unshare', '-C', '-m', 'sh', '-c', unmounted, 'sh']
    const told = probeLineSchema.parse(
      lastLine(await runAgent({ ...agent, prefix }, ['probe', '--dir', folder])),
    )
    expect(told.limits).toMatchObject({
      memoryBytes: null,
      memoryUntold: expect.stringMatching(/ is not mounted$/),
      processorPercent: null,
      processorPercentUntold: expect.stringMatching(/ is not mounted$/),
    })
    expect(told.notes).toContainEqual(
      expect.stringContaining('Whether a control group limits memory cannot be told'),
    )
  },
)

describe('pressure', () => {
  test('says that it is held, touches all of it again, and is the first that the kernel may kill', async () => {
    const child = startAgent(agent, ['pressure', '--bytes', `${32 * MiB}`])
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const line = async () => z.unknown().parse(JSON.parse(String((await lines.next()).value)))
    expect(pressureLineSchema.parse(await line())).toMatchObject({ bytes: 32 * MiB })
    expect(readFileSync(`/proc/${child.pid}/oom_score_adj`, 'utf8').trim()).toBe('1000')
    let passes = 0
    while (passes < 2) passes = heldLineSchema.parse(await line()).passes
    child.stdin.end()
    await expect.poll(() => child.exitCode).toBe(130)
  })
})
