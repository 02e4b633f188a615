import { chmodSync, copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildAgent, hostAgentArch } from '../build.ts'
import { type AgentCommand, lastLine, optionWords, runAgent, sampleOf } from './agentRun.ts'
import { makeTestFolder, noDirectReads, removeTestFolder } from './testFolder.ts'

const nobody = '65534'
const bytes = 8 * 1024 * 1024 + 513
const folder = makeTestFolder()
const reason =
  process.getuid?.() === 0 ? noDirectReads : 'not root: the other tests run unprivileged as they are'
const skipped = reason === null ? '' : ` (skipped: ${reason})`

afterAll(() => removeTestFolder(folder))

describe.skipIf(reason !== null)(`without root${skipped}`, () => {
  const own = join(folder, 'own')
  const binary = join(folder, 'agent')
  const root: AgentCommand = { binary }
  const user: AgentCommand = {
    binary,
    prefix: ['setpriv', '--reuid', nobody, '--regid', nobody, '--clear-groups'],
  }

  beforeAll(async () => {
    copyFileSync(await buildAgent({ arch: hostAgentArch() ?? 'x86_64' }), binary)
    mkdirSync(own)
    chmodSync(folder, 0o755)
    chmodSync(own, 0o777)
    await runAgent(user, ['prepare', ...optionWords({ path: join(own, 'mine'), bytes, seed: 1 })])
    await runAgent(root, ['prepare', ...optionWords({ path: join(folder, 'theirs'), bytes, seed: 1 })])
  })

  async function measure(scheme: string, path: string) {
    const run = await runAgent(user, ['measure', ...optionWords({ scheme, path, bytes, verify: 'seed:1' })])
    return sampleOf(run).sample
  }

  test('a file of its own is made cold and its path is proved', async () => {
    const path = join(own, 'mine')
    expect(await measure('memfd-buffered', path)).toMatchObject({ cold: true, marks: [] })
    expect(await measure('memfd-direct', path)).toMatchObject({ cold: true, direct: true, marks: [] })
  })

  test("somebody else's file is cold by what came from the device, and its path is not proved", async () => {
    const sample = await measure('memfd-direct', join(folder, 'theirs'))
    expect(sample).toMatchObject({ status: 'ok', verified: true, cold: true })
    if (sample.figures.residentBytesBefore === undefined)
      expect(sample).toMatchObject({ direct: false, marks: ['path not proved'] })
    else expect(sample).toMatchObject({ direct: true, marks: [] })
  })

  test('where its pages lie is not told', async () => {
    const { figures } = await measure('memfd-buffered', join(own, 'mine'))
    expect(figures).not.toHaveProperty('physicalRuns')
  })

  test('the probe says what root would add', async () => {
    const probe = lastLine(await runAgent(user, ['probe', '--dir', own]))
    expect(probe.root).toBe(false)
    expect(probe.notes).toContain('Root would drop all caches before a cold sample.')
  })
})
