import { join } from 'node:path'
import { type BenchResult, isWithin, tableOf } from './benchmarks/result.ts'

/** A long suite tells each figure as it comes: what hangs later does not take it along. */
type Suite = { run: (tell: (results: readonly BenchResult[]) => void) => Promise<BenchResult[]> }

/** Loaded one by one: a suite that needs a device must not stop the others from starting. */
const suites: Record<string, () => Promise<Suite>> = {
  local: () => import('./benchmarks/local.ts'),
  stop: () => import('./benchmarks/stop.ts'),
  interface: () => import('./benchmarks/interface.ts'),
  ledger: () => import('./benchmarks/ledger.ts'),
  simulation: () => import('./benchmarks/simulation.ts'),
  calibration: () => import('./benchmarks/calibration.ts'),
  loader: () => import('./benchmarks/loader.ts'),
  device: () => import('./benchmarks/device.ts'),
}

const usage = `npm run bench -- [--json] [${Object.keys(suites).join('|')}] ...`
const json = process.argv.includes('--json')
const names = process.argv.slice(2).filter(word => word !== '--json')
const unknown = names.filter(name => !(name in suites))
if (unknown.length > 0) {
  console.error(`${join('scripts', 'bench')}: no suite called ${unknown.join(', ')}. Usage: ${usage}`)
  process.exit(2)
}

const all: { suite: string; results: BenchResult[] }[] = []
for (const [suite, load] of Object.entries(suites)) {
  if (names.length > 0 && !names.includes(suite)) continue
  console.error(`\n== ${suite}`)
  const results = await (await load()).run(early => console.error(tableOf(early)))
  all.push({ suite, results })
  if (!json) console.log(tableOf(results))
}
if (json) console.log(JSON.stringify(all, null, 2))

const missed = all.flatMap(({ results }) => results).filter(result => !isWithin(result))
if (missed.length > 0)
  console.error(`\n${missed.length} figures outside their bounds: ${missed.map(r => r.name).join('; ')}`)
process.exit(missed.length === 0 ? 0 : 1)
