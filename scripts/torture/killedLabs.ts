import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { planSchema } from '../../contract/plan.ts'
import { MiB } from '../../contract/size.ts'
import { openStore } from '../../db/openStore.ts'
import { descendantsOf, isAlive } from '../../main/cli/fixtures/spawnLab.ts'
import { lostSamples } from './acknowledgedSamples.ts'
import { bundledLab } from './bundledLab.ts'
import { type Acknowledged, readLabLines } from './labLines.ts'
import { between, noCounts, type Ordeal, type OrdealResult, type OrdealTask, pick } from './ordeal.ts'

/** A history of so many rounds, then a fresh one: it is to grow, and to be begun by two at once. */
const roundsPerHistory = 12
/** An orphan has this long to notice that its lab is gone, however busy the machine is. */
const orphanGraceMs = 20_000
const lookEveryMs = 50

const plans = [
  { target: 'local', schemes: ['memfd-buffered', 'memfd-gather-buffered'], sizesBytes: [MiB, 4 * MiB] },
  {
    target: 'sim:ufs4-phone-2024',
    schemes: ['normal', 'udmabuf-gather-direct'],
    sizesBytes: [1, 2, 4, 8, 16, 32].map(each => each * MiB),
  },
].map(plan => JSON.stringify(planSchema.parse({ ...plan, repeats: 1000, ceiling: false })))

/** Two labs on one history, and SIGKILL for any process below either, at any moment. */
export const killedLabs: Ordeal = {
  name: 'kills',
  share: 5,
  finds: ['lost', 'left'],
  missing: () => null,
  run: async task => {
    const counts = noCounts()
    const findings: string[] = []
    for (let round = 0; performance.now() < task.deadlineMs; round++) {
      const history = join(task.scratch, `history-${Math.floor(round / roundsPerHistory)}`)
      const found = await killRound(history, task)
      counts.kills += found.counts.kills
      counts.inputs += found.counts.inputs
      counts.lost += found.counts.lost
      counts.crashed += found.counts.crashed
      counts.left += found.counts.left
      findings.push(...found.findings)
      if (task.planted) break
    }
    return { counts, findings }
  },
}

type RunningLab = { readonly child: ChildProcess; readonly output: () => string }

async function killRound(history: string, task: OrdealTask): Promise<OrdealResult> {
  const marker = `DMABUF_LAB_TORTURE=${process.pid}-${Math.floor(task.random() * 2 ** 32)}`
  const temporary = join(task.scratch, 'tmp')
  mkdirSync(temporary, { recursive: true })
  const setting = { program: await bundledLab(), history, temporary, marker, planted: task.planted }
  const labs = plans.map(plan => startLab(plan, setting))
  const kills = await killAtRandom(labs, task)
  const orphans = await orphansOf(marker)
  for (const pid of orphans) killProcess(pid)
  const acknowledged = labs.flatMap(({ output }) =>
    readLabLines(output()).filter(line => line.type === 'acknowledged'),
  )
  const lost = lostIn(history, task.planted ? withOneUnstored(acknowledged) : acknowledged)
  const strays = readdirSync(temporary).map(name => `${name} was left in the temporary folder`)
  const left = [...orphans.map(pid => `process ${pid} outlived its lab by ${orphanGraceMs} ms`), ...strays]
  const counts = { kills, inputs: acknowledged.length, lost: lost.length, crashed: 0, left: left.length }
  return { counts, findings: [...lost, ...left] }
}

type LabSetting = {
  readonly program: string
  readonly history: string
  readonly temporary: string
  readonly marker: string
  readonly planted: boolean
}

function startLab(plan: string, { program, history, temporary, marker, planted }: LabSetting): RunningLab {
  const [name = '', value] = marker.split('=')
  const child = spawn(process.execPath, [program, plan], {
    env: {
      ...process.env,
      DMABUF_LAB_HOME: history,
      TMPDIR: temporary,
      DMABUF_LAB_TORTURE_PLANTED: planted ? '1' : '0',
      [name]: value,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return { child, output: () => text }
}

/** Kills one process after the other until both labs are gone; in the end the labs themselves. */
async function killAtRandom(labs: readonly RunningLab[], { random, planted }: OrdealTask): Promise<number> {
  const closed = labs.map(({ child }) => new Promise(resolve => child.once('close', resolve)))
  const roots = labs.flatMap(({ child }) => child.pid ?? [])
  let kills = 0
  if (planted || random() > 0.25) await untilAllMeasure(labs)
  await sleep(between(100, 2500, random))
  for (let more = between(1, 8, random); more > 0; more--) {
    const victim = pick(
      roots.filter(isAlive).flatMap(pid => [pid, ...descendantsOf(pid)]),
      random,
    )
    if (victim === undefined) break
    kills += killProcess(victim) ? 1 : 0
    await sleep(between(0, 600, random))
  }
  for (const root of roots.filter(isAlive)) kills += killProcess(root) ? 1 : 0
  await Promise.all(closed)
  return kills
}

/** Most kills are to fall into the measuring, and not into the start; a lab that fails to start is not waited for. */
async function untilAllMeasure(labs: readonly RunningLab[]): Promise<void> {
  const waits = ({ child, output }: RunningLab) => child.exitCode === null && !output().includes('\n')
  while (labs.some(waits)) await sleep(lookEveryMs)
}

function killProcess(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    // It has just ended by itself.
    return false
  }
}

/** Processes with the marker in their environment that do not end by themselves. */
async function orphansOf(marker: string): Promise<number[]> {
  const untilMs = performance.now() + orphanGraceMs
  for (;;) {
    const alive = markedProcesses(marker)
    if (alive.length === 0 || performance.now() > untilMs) return alive
    await sleep(lookEveryMs)
  }
}

function markedProcesses(marker: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => environmentOf(name).includes(marker))
    .map(Number)
    .filter(isAlive)
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
  } catch {
    return []
  }
}

/** A sample that no store has, as if its acknowledgement had come before its commit. */
function withOneUnstored(acknowledged: readonly Acknowledged[]): Acknowledged[] {
  const last = acknowledged.at(-1)
  if (last === undefined) throw new Error('nothing was acknowledged before the kill: give it more time')
  return [...acknowledged, { ...last, sample: { ...last.sample, id: last.sample.id + 1_000_000 } }]
}

function lostIn(history: string, acknowledged: readonly Acknowledged[]): string[] {
  const store = openStore(join(history, 'lab.db'))
  try {
    const running = store.runs.listRuns().filter(({ status }) => status === 'running')
    const notices = store.notices.filter(notice => notice.includes('damaged'))
    return [
      ...notices,
      ...running.map(({ id }) => `run ${id} is running though its lab is dead`),
      ...lostSamples(store.runs, acknowledged),
    ]
  } finally {
    store.close()
  }
}
