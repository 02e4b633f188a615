import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it, type TestContext } from 'vitest'
import { NotHere } from './surroundings/bench.ts'
import { conditions } from './surroundings/conditions.ts'
import { documentPath, lineOf } from './surroundings/document.ts'
import { Looker } from './surroundings/look.ts'

const notRoot = process.getuid?.() === 0 ? null : 'not root: file systems cannot be mounted'
const skipped = notRoot === null ? '' : ` (skipped: ${notRoot})`
const document = readFileSync(documentPath, 'utf8').split('\n')
/** For hangs alone: mounting, and a whole run of the lab. */
const timeout = 10 * 60_000

describe.skipIf(notRoot !== null)(`what the lab says of its surroundings${skipped}`, () => {
  const looker = new Looker()
  afterAll(() => looker.close())

  // Other tests drop the caches of the whole machine while this one proves what is in them.
  it.for(conditions.map(condition => [condition.name, condition] as const))(
    'says of %s what docs/surroundings.md says',
    { timeout, retry: 2 },
    async ([name, condition], { skip }: TestContext) => {
      const row = await looker.lookAt(condition).catch((thrown: unknown) => {
        if (thrown instanceof NotHere) skip(`not here: ${thrown.message}`)
        throw thrown
      })
      expect(lineOf(row)).toBe(document.find(line => line.startsWith(`| ${name} |`)))
    },
  )
})
