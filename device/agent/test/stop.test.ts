import { once } from 'node:events'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildAgent, hostAgentArch } from '../build.ts'
import { type AgentProcess, optionWords, startAgent } from './agentRun.ts'
import { makeTestFolder, removeTestFolder } from './testFolder.ts'

const MiB = 1024 * 1024
const bytes = 512 * MiB
const stoppedExitCode = 130
const folder = makeTestFolder()
const path = join(folder, 'sparse.bin')
let binary = ''

beforeAll(async () => {
  binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64' })
  // Its content does not matter here, and holes are read at once: the agent is caught while it populates.
  writeFileSync(path, '')
  truncateSync(path, bytes)
})
afterAll(() => removeTestFolder(folder))

type Start = (words: readonly string[]) => AgentProcess

const byHand: Start = words => startAgent({ binary }, words)
const served: Start = words => {
  const child = startAgent({ binary }, ['serve'])
  child.stdin.write(`${JSON.stringify(words)}\n`)
  return child
}

/** How soon it ends is measured by `npm run bench -- stop`; here, that it is stopped and did not get to its end. */
async function stopAfter(start: Start, words: readonly string[], delayMs: number) {
  const child = start(words)
  child.stdout.resume()
  const closed = once(child, 'close')
  await sleep(delayMs)
  child.stdin.end()
  // Its streams close with the last process that writes to them, so that nothing of it is left then.
  await closed
  return child.exitCode
}

describe.each([
  ['started by hand', byHand],
  ['served', served],
] as const)('closing standard input of an agent %s', (_, start) => {
  test.each([
    ['pressure', ['pressure', ...optionWords({ bytes: 256 * MiB })]],
    ['populate', ['measure', ...optionWords({ scheme: 'memfd-buffered', path, bytes, cold: 0 })]],
    ['gathers', ['measure', ...optionWords({ scheme: 'memfd-gather-buffered', path, bytes, cold: 0 })]],
    ['ceiling', ['ceiling', ...optionWords({ path, bytes })]],
  ])('ends it during %s', async (_, words) => {
    expect(await stopAfter(start, words, 60)).toBe(stoppedExitCode)
  })

  test('a signal ends it the same way', async () => {
    const child = start(['pressure', '--bytes', String(MiB)])
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    await once(child, 'close')
    expect(child.exitCode).toBe(stoppedExitCode)
  })
})
