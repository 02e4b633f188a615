import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildAgent, hostAgentArch } from '../build.ts'
import { lastLine, optionWords, runAgent } from './agentRun.ts'
import { referenceByte } from './referenceContent.ts'
import { makeTestFolder, removeTestFolder } from './testFolder.ts'

const MiB = 1024 * 1024
const folder = makeTestFolder()
let binary = ''

beforeAll(async () => {
  binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64' })
})
afterAll(() => removeTestFolder(folder))

async function prepare(path: string, bytes: number, seed: string) {
  return lastLine(await runAgent({ binary }, ['prepare', ...optionWords({ path, bytes, seed })]))
}

describe('generated content', () => {
  test('is the reference at any offset, across steps of the generator', async () => {
    const path = join(folder, 'offsets.bin')
    const bytes = 9 * MiB + 5
    await prepare(path, bytes, '4294967295')
    const file = openSync(path, 'r')
    const byteAt = (offset: number) => {
      const one = Buffer.alloc(1)
      readSync(file, one, 0, 1, offset)
      return one[0]
    }
    const offsets = fc.integer({ min: 0, max: bytes - 1 })
    fc.assert(
      fc.property(offsets, offset => byteAt(offset) === referenceByte(4294967295n, offset)),
      { numRuns: 500, examples: [[0], [7], [8], [4 * MiB - 1], [4 * MiB], [bytes - 1]] },
    )
    closeSync(file)
  })

  test('is the reference for any seed and any short length', async () => {
    const seeds = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1, max: 40 }), async (seed, bytes) => {
        const path = join(folder, 'short.bin')
        await prepare(path, bytes, String(seed))
        expect([...readFileSync(path)]).toEqual(
          Array.from({ length: bytes }, (_, offset) => referenceByte(seed, offset)),
        )
      }),
      { numRuns: 20, examples: [[(1n << 64n) - 1n, 17]] },
    )
  })
})
