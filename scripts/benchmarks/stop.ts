import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { planSchema } from '../../contract/plan.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { MiB } from '../../contract/size.ts'
import { summarize } from '../../findings/statistics/summary.ts'
import { openScriptedLab, whenRun } from '../../main/lab/fixtures/scriptedLab.ts'
import { forkEngine } from '../../main/lab/forkedEngine.ts'
import { agentFile, benchFolder, root } from './agent.ts'
import type { BenchResult } from './result.ts'

const repeats = 7
/** What a person takes for at once. */
const atOnce = { atMost: 200 }
const memfdSchemes: readonly SchemeId[] = ['memfd-buffered', 'memfd-direct', 'memfd-gather-direct']

/** How soon what was told to stop has stopped, with nothing of it left. */
export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(benchFolder(), 'stop-'))
  try {
    return [
      ...(await agentStops(folder)),
      await measured('a cancelled run of an engine process', () => engineStopMs(folder)),
      await measured("the lab's answer to a cancel, with an engine that does not hear it", () =>
        labStopMs(folder),
      ),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measured(name: string, once: () => Promise<number>): Promise<BenchResult> {
  const times: number[] = []
  for (let repeat = 0; repeat < repeats; repeat += 1) times.push(await once())
  const value = summarize(times)?.median ?? Number.NaN
  return { name: `${name}: median of ${repeats}`, value, unit: 'ms', limit: atOnce }
}

async function agentStops(folder: string): Promise<BenchResult[]> {
  const path = join(folder, 'sparse.bin')
  const bytes = 512 * MiB
  // Its content does not matter here, and holes are read at once: the agent is caught while it populates.
  writeFileSync(path, '')
  truncateSync(path, bytes)
  const file = ['--path', path, '--bytes', `${bytes}`]
  const load = (scheme: SchemeId) => ['measure', '--scheme', scheme, ...file, '--cold', '0']
  const commands = {
    'memory pressure': ['pressure', '--bytes', `${256 * MiB}`],
    'a load that populates': load('memfd-buffered'),
    'a load in gathers': load('memfd-gather-buffered'),
    'a ceiling': ['ceiling', ...file],
  }
  const results: BenchResult[] = []
  for (const [name, words] of Object.entries(commands)) {
    results.push(await measured(`${name}, its agent started by hand`, () => agentStopMs(words, '')))
    const request = `${JSON.stringify(words)}\n`
    results.push(await measured(`${name}, its agent served`, () => agentStopMs(['serve'], request)))
  }
  return results
}

async function agentStopMs(words: readonly string[], request: string): Promise<number> {
  const child = spawn(agentFile, words, { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdout.resume()
  child.stdin.write(request)
  const closed = once(child, 'close')
  await sleep(60)
  const toldMs = performance.now()
  child.stdin.end()
  // Its output closes with the last process that writes to it.
  await closed
  return performance.now() - toldMs
}

async function engineStopMs(folder: string): Promise<number> {
  const engine = forkEngine(join(root, 'engine', 'worker.ts'), {
    agentDirectory: join(root, 'out', 'agent'),
    dataDirectory: folder,
    adbServer: { host: '127.0.0.1', port: 1 },
  })
  const sampled = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  engine.onEvent(event => {
    if (event.type === 'sample') sampled.resolve()
    if (event.type === 'ended') ended.resolve()
  })
  const plan = { target: 'local', schemes: memfdSchemes, sizesBytes: [64 * MiB], repeats: 50, ceiling: false }
  engine.send({ type: 'run', plan: planSchema.parse(plan), doneKeys: [] })
  await sampled.promise
  const toldMs = performance.now()
  engine.send({ type: 'cancel' })
  await ended.promise
  const tookMs = performance.now() - toldMs
  await engine.kill(10_000)
  return tookMs
}

async function labStopMs(folder: string): Promise<number> {
  const { lab, close } = openScriptedLab(folder, 'deaf')
  const started = whenRun(lab, run => run.samplesPlanned > 0)
  const plan = planSchema.parse({ target: 'local', schemes: memfdSchemes, sizesBytes: [MiB], repeats: 5 })
  const { runId } = await lab.handlers.runs.start(plan)
  await started
  const toldMs = performance.now()
  await lab.handlers.runs.cancel({ runId })
  const tookMs = performance.now() - toldMs
  await close()
  return tookMs
}
