import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addTallies, readTally, type Tally } from './tally.ts'

const root = join(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'dmabuf-lab-test-'))
const chromium = process.env.DMABUF_LAB_CHROMIUM ?? '/usr/bin/chromium'

/** An adb server of the tests' own, so that nobody's devices are touched and nothing is left behind. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
}
const adbPort = `${await freePort()}`

type Step = { name: string; command: string; args: string[]; counts: boolean }

const steps: Step[] = [
  { name: 'lint', command: 'biome', args: ['ci', '--reporter=summary', '.'], counts: false },
  { name: 'lint, C style', command: 'node', args: ['scripts/cStyle.mjs'], counts: false },
  // Once per kind of room, so that the page's globals do not exist in the engine, nor Node's in the page.
  ...['pure', 'page', 'node', 'all'].map(kind => ({
    name: `types, ${kind}`,
    command: 'tsc',
    args: ['-p', kind === 'all' ? 'tsconfig.json' : `tsconfig.${kind}.json`],
    counts: false,
  })),
  { name: 'build', command: 'electron-vite', args: ['build', '--logLevel', 'warn'], counts: false },
  {
    name: 'unit and contract',
    command: 'vitest',
    args: ['run', '--reporter=default', '--reporter=./scripts/vitestTally.ts'],
    counts: true,
  },
  {
    name: 'whole application',
    command: 'playwright',
    args: ['test', '--reporter=list,./scripts/playwrightTally.ts'],
    counts: true,
  },
]

/** `npm test -- lint types` runs these steps alone. */
const chosen = process.argv.slice(2)
const wanted =
  chosen.length === 0 ? steps : steps.filter(step => chosen.some(word => step.name.startsWith(word)))

const times: { name: string; seconds: number; ok: boolean }[] = []
const tallies: Tally[] = []

function run(step: Step): void {
  console.log(`\n== ${step.name}`)
  const tallyFile = join(scratch, `${times.length}.json`)
  const startedMs = performance.now()
  const done = spawnSync(
    step.command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', step.command),
    step.args,
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DMABUF_LAB_TALLY: tallyFile, ANDROID_ADB_SERVER_PORT: adbPort },
    },
  )
  const ok = done.status === 0
  times.push({ name: step.name, seconds: (performance.now() - startedMs) / 1000, ok })
  const tally = step.counts ? readTally(tallyFile) : { passed: 0, failed: ok ? 0 : 1, skipped: [] }
  if (step.counts && !ok && tally.failed === 0) tally.failed = 1
  tallies.push(tally)
}

for (const step of wanted) {
  if (step.command === 'playwright' && !existsSync(chromium)) {
    const why = `no Chromium at ${chromium}: apt-get install chromium, or set DMABUF_LAB_CHROMIUM`
    tallies.push({ passed: 0, failed: 0, skipped: [{ test: step.name, why }] })
    continue
  }
  run(step)
}
rmSync(scratch, { recursive: true, force: true })
spawnSync('adb', ['-P', adbPort, 'kill-server'], { stdio: 'ignore' })

const total = addTallies(tallies)
console.log('\nWhere the time went')
for (const { name, seconds, ok } of times) {
  console.log(`  ${seconds.toFixed(1).padStart(7)} s  ${name}${ok ? '' : '  FAILED'}`)
}
if (total.skipped.length > 0) console.log('\nSkipped')
for (const { test, why } of total.skipped) console.log(`  ${test}: ${why}`)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`)
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1)
