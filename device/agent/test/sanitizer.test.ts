import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schemesOfFamily } from '../../../contract/schemes.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { lastLine, optionWords, runAgent } from './agentRun.ts'
import { makeTestFolder, removeTestFolder } from './testFolder.ts'

const MiB = 1024 * 1024
const bytes = 2 * MiB + 513
const folder = makeTestFolder()
const path = join(folder, 'content.bin')
let binary = ''

beforeAll(async () => {
  binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64', sanitize: true })
})
afterAll(() => removeTestFolder(folder))

async function expectNoReport(words: readonly string[], type: string) {
  const run = await runAgent({ binary }, words)
  expect(run.stderr).toBe('')
  expect(lastLine(run).type).toBe(type)
  return lastLine(run)
}

test('address and undefined-behaviour sanitizers have nothing to report', async () => {
  await expectNoReport(['prepare', ...optionWords({ path, bytes, seed: 3 })], 'prepared')
  for (const scheme of schemesOfFamily('memfd')) {
    const options = { scheme: scheme.id, path, bytes, gather: MiB, readers: 2, populators: 2 }
    for (const verify of ['seed:3', 'seed:4', 'file'])
      await expectNoReport(['measure', ...optionWords({ ...options, verify })], 'sample')
  }
  await expectNoReport(['probe', '--dir', folder], 'probe')
  await expectNoReport(['inspect', '--path', path], 'inspected')
  await expectNoReport(['inspect', '--path', folder], 'error')
  await expectNoReport(['ceiling', ...optionWords({ path, bytes, block: 4096, depth: 4 })], 'ceiling')
  await expectNoReport(['measure', '--scheme'], 'error')
})
