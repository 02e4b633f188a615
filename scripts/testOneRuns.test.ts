import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runsOf } from './testOneRuns.ts'

const root = join(import.meta.dirname, '..')
const build = { command: 'electron-vite', args: ['build', '--logLevel', 'warn'] }

test('a test goes to Vitest, a spec to Playwright behind a build, options to whichever runs', () => {
  expect(runsOf(['scripts/testOneRuns.test.ts', '-t', 'a title'], root, root)).toEqual([
    { command: 'vitest', args: ['run', 'scripts/testOneRuns.test.ts', '-t', 'a title'] },
  ])
  expect(runsOf(['e2e/model.spec.ts', '--', '--project', 'hosted'], root, root)).toEqual([
    build,
    { command: 'playwright', args: ['test', 'e2e/model.spec.ts', '--project', 'hosted'] },
  ])
  expect(runsOf([], root, root)).toEqual([])
})

test("paths are the caller's; what is no path there is a part of one", () => {
  const [own] = runsOf(['tally.test.ts', 'statistics'], import.meta.dirname, root)
  expect(own?.args).toEqual(['run', 'scripts/tally.test.ts', 'statistics'])
})
