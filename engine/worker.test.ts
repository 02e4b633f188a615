import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type EngineCommand, type EngineEvent, engineEventSchema } from '../contract/engine.ts'
import { type PlanInput, planSchema } from '../contract/plan.ts'
import { sampleKey } from '../contract/sample.ts'
import { schemeIds, schemeOf } from '../contract/schemes.ts'
import { MiB } from '../contract/size.ts'
import { builtAgentDirectory } from './agent/builtAgents.ts'

const memfdSchemes = schemeIds.filter(id => schemeOf(id).family === 'memfd')

/** An engine process as a shell starts it, with everything it says. */
class ForkedEngine {
  readonly events: EngineEvent[] = []
  readonly child: ChildProcess
  readonly exited: Promise<number | null>

  constructor(dataDirectory: string) {
    const options = {
      agentDirectory: builtAgentDirectory,
      dataDirectory,
      adbServer: { host: '127.0.0.1', port: 1 },
    }
    const worker = join(import.meta.dirname, 'worker.ts')
    // Without a PATH there is no adb program, and so no adb server that this test would leave behind.
    this.child = fork(worker, [JSON.stringify(options)], { env: { ...process.env, PATH: '/nonexistent' } })
    this.child.on('message', message => this.events.push(engineEventSchema.parse(message)))
    this.exited = new Promise(resolve => this.child.once('exit', resolve))
  }

  send(command: EngineCommand): void {
    this.child.send(command)
  }

  run(plan: Omit<PlanInput, 'target'>, doneKeys: string[] = []): void {
    this.send({ type: 'run', plan: planSchema.parse({ target: 'local', ...plan }), doneKeys })
  }

  async next<T extends EngineEvent['type']>(type: T): Promise<Extract<EngineEvent, { type: T }>> {
    const isWanted = (event: EngineEvent): event is Extract<EngineEvent, { type: T }> => event.type === type
    return expect
      .poll(() => this.events.find(isWanted), { interval: 5 })
      .toBeDefined()
      .then(() => {
        const found = this.events.find(isWanted)
        if (found === undefined) throw new Error(`no ${type}`)
        return found
      })
  }

  get samples() {
    return this.events.flatMap(event => (event.type === 'sample' ? [event.sample] : []))
  }

  /** Processes that this engine has started and that still run. */
  get children(): string[] {
    return readFileSync(`/proc/${this.child.pid}/task/${this.child.pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
  }
}

describe('an engine process', () => {
  let dataDirectory: string
  beforeAll(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'dmabuf-lab-engine-'))
    return () => rmSync(dataDirectory, { recursive: true })
  })

  function startEngine(): ForkedEngine {
    const engine = new ForkedEngine(dataDirectory)
    onTestFinished(() => {
      engine.child.kill('SIGKILL')
    })
    return engine
  }

  it('measures every memfd scheme on this machine, in order, with spans, progress and fingerprints', async () => {
    const engine = startEngine()
    const plan = { schemes: memfdSchemes, sizesBytes: [8 * MiB], repeats: 2, gatherBytes: MiB }
    engine.run(plan)
    const ended = await engine.next('ended')
    expect(ended).toMatchObject({ status: 'finished', capabilitiesAfter: { target: 'local' } })
    const started = await engine.next('started')
    expect(started.ceiling?.bytesPerSecond).toBeGreaterThan(1e6)
    expect(started.samplesPlanned).toBe(memfdSchemes.length * 3)
    expect(engine.samples.map(sample => sample.status)).toEqual(Array(memfdSchemes.length * 3).fill('ok'))
    expect(new Set(engine.samples.map(sampleKey)).size).toBe(memfdSchemes.length * 3)
    for (const event of engine.events) {
      if (event.type !== 'sample') continue
      expect(event.spans.length).toBeGreaterThan(2)
      expect(event.sample).toMatchObject({ verified: true, simulated: false, bytes: 8 * MiB })
      expect(event.sample.ofCeiling).toBeGreaterThan(0)
    }
    expect(readdirSync(join(dataDirectory, 'files'))).toEqual([`generated-seed1-${8 * MiB}.bin`])
  })

  it('measures only what a resumed run lacks', async () => {
    const engine = startEngine()
    const doneKeys = [`memfd-direct/${8 * MiB}/w0`, `memfd-direct/${8 * MiB}/r0`]
    engine.run({ schemes: ['memfd-direct'], sizesBytes: [8 * MiB], repeats: 2 }, doneKeys)
    await engine.next('ended')
    expect(engine.samples.map(sampleKey)).toEqual([`memfd-direct/${8 * MiB}/r1`])
  })

  it('stops when cancelled, keeps the load in flight as cancelled, and leaves no agent behind', async () => {
    const engine = startEngine()
    engine.run({ schemes: memfdSchemes, sizesBytes: [64 * MiB], repeats: 50, ceiling: false })
    await engine.next('sample')
    engine.send({ type: 'cancel' })
    expect(await engine.next('ended')).toMatchObject({ status: 'cancelled' })
    expect(engine.samples.at(-1)?.status).toBe('cancelled')
    expect(engine.children).toEqual([])
  })

  it('ends with its channel, and so does its agent', async () => {
    const engine = startEngine()
    engine.run({ schemes: ['memfd-direct'], sizesBytes: [64 * MiB], repeats: 100, ceiling: false })
    await engine.next('sample')
    const agents = await expect
      .poll(() => engine.children)
      .not.toEqual([])
      .then(() => engine.children)
    engine.child.disconnect()
    expect(await engine.exited).toBe(0)
    for (const agent of agents) await expect.poll(() => isRunning(agent)).toBe(false)
  })

  it('leaves no agent behind when it is killed', async () => {
    const engine = startEngine()
    engine.run({ schemes: ['memfd-direct'], sizesBytes: [64 * MiB], repeats: 100, ceiling: false })
    await engine.next('sample')
    const agents = await expect
      .poll(() => engine.children)
      .not.toEqual([])
      .then(() => engine.children)
    engine.child.kill('SIGKILL')
    await engine.exited
    for (const agent of agents) await expect.poll(() => isRunning(agent)).toBe(false)
  })

  it('probes, measures the ceiling and inspects, one command after the other', async () => {
    const engine = startEngine()
    const file = join(dataDirectory, 'files', `generated-seed1-${8 * MiB}.bin`)
    engine.send({ type: 'probe', target: 'local', directory: null })
    engine.send({ type: 'inspect', target: 'local', path: file })
    expect(await engine.next('probed')).toMatchObject({ capabilities: { simulated: false } })
    expect(await engine.next('inspected')).toMatchObject({ path: file, bytes: statSync(file).size })
  })

  it.each([
    ['no command', { type: 'sing' }, 'bad-input'],
    ['no object', 'run', 'bad-input'],
    ['a target of no kind', { type: 'probe', target: 'moon', directory: null }, 'bad-input'],
    ['a missing file', { type: 'inspect', target: 'local', path: '/no/such/file' }, 'bad-file'],
    ['a missing folder', { type: 'probe', target: 'local', directory: '/no/such/folder' }, 'bad-file'],
    [
      'a device that is not there',
      { type: 'probe', target: 'adb:none', directory: null },
      'target-unavailable',
    ],
  ])('answers %s with its error, and lives on', async (_, command, kind) => {
    const engine = startEngine()
    engine.child.send(command)
    expect(await engine.next('failed')).toMatchObject({ error: { kind } })
    engine.send({ type: 'probe', target: 'local', directory: null })
    await engine.next('probed')
  })

  it('lists this machine and the simulated targets at once', async () => {
    const engine = startEngine()
    engine.send({ type: 'watchTargets' })
    const { targets } = await engine.next('targets')
    expect(targets).toContainEqual(expect.objectContaining({ id: 'local', state: 'ready' }))
    expect(targets).toContainEqual(expect.objectContaining({ kind: 'sim', state: 'ready' }))
  })
})

function isRunning(pid: string): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
