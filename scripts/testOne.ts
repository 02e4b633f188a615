import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runsOf } from './testOneRuns.ts'

const root = join(import.meta.dirname, '..')
const usage = 'npm run test:one -- FILE… [-- OPTION…]: a *.test.ts goes to Vitest, a *.spec.ts to Playwright'

const runs = runsOf(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd(), root)
if (runs.length === 0) {
  console.error(usage)
  process.exit(2)
}
for (const { command, args } of runs) {
  const { status } = spawnSync(join(root, 'node_modules', '.bin', command), args, {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
