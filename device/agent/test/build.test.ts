import { statSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { LabFailure } from '../../../contract/error.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { makeTestFolder, removeTestFolder } from './testFolder.ts'

const folder = makeTestFolder()

afterEach(() => {
  vi.unstubAllEnvs()
  removeTestFolder(folder)
})

test('builds once for the same sources, flags and compiler', async () => {
  const arch = hostAgentArch() ?? 'x86_64'
  const builtAt = statSync(await buildAgent({ arch })).mtimeMs
  expect(statSync(await buildAgent({ arch })).mtimeMs).toBe(builtAt)
})

test('names the compiler that is missing and the packages that bring it', async () => {
  vi.stubEnv('PATH', folder)
  const arch = hostAgentArch() === 'aarch64' ? 'x86_64' : 'aarch64'
  const failure = await buildAgent({ arch }).catch((thrown: unknown) => thrown)
  expect(failure).toBeInstanceOf(LabFailure)
  expect(failure).toMatchObject({
    kind: 'unsupported',
    message: `the agent for ${arch} cannot be built: ${arch}-linux-gnu-gcc is not installed`,
    hint: expect.stringMatching(
      /^Install it \(Debian: apt install gcc-\S+-linux-gnu libc6-dev-\w+-cross\)\.$/,
    ),
  })
})
