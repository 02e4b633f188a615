import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type GoneDetails, StandInUtility } from '../../e2e/electronStandIn/utilityProcess.ts'
import { describeEngine } from '../../engine/fixtures/engineContract.ts'
import type { EngineExit, EngineProcess } from '../lab/engineProcess.ts'
import { CrashReasons } from './crashReasons.ts'
import { startUtilityEngine, type UtilityProcessApi } from './utilityEngine.ts'

// Electron's runtime is not here: this shows how the shell gets on with its manners, not that it runs.
const options = {
  agentDirectory: '/agents',
  dataDirectory: '/data',
  adbServer: { host: '127.0.0.1', port: 5037 },
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A worker of these lines. */
function workerOf(name: string, ...lines: string[]): string {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, lines.join('\n'))
  return file
}

function start(workerFile: string) {
  const children: StandInUtility[] = []
  const crashes = new CrashReasons()
  const api: UtilityProcessApi = {
    fork: (file, args, forkOptions) => {
      const child = new StandInUtility(file, args, forkOptions, details => crashes.note(details))
      children.push(child)
      return child
    },
  }
  const engine = startUtilityEngine(api, workerFile, options, crashes)
  const { promise: exit, resolve } = Promise.withResolvers<EngineExit>()
  engine.onExit(resolve)
  onTestFinished(() => engine.kill(0))
  return { engine, exit, children }
}

function nextEvent(engine: EngineProcess): Promise<unknown> {
  return new Promise(resolve => engine.onEvent(resolve))
}

const ready = "process.parentPort.postMessage({ type: 'ready' })"

describe('an engine in a utility process', () => {
  test('is told its options, and gets a cleaned environment', async () => {
    vi.stubEnv('NODE_OPTIONS', '--no-warnings')
    const worker = workerOf(
      'tells',
      'const told = { argument: JSON.parse(process.argv.at(-1)), names: Object.keys(process.env) }',
      "process.parentPort.postMessage({ type: 'modelAnswered', answer: told })",
      "process.parentPort.on('message', () => process.exit(0))",
    )
    const { engine } = start(worker)
    expect(await nextEvent(engine)).toMatchObject({
      answer: { argument: options, names: expect.not.arrayContaining(['NODE_OPTIONS']) },
    })
    vi.unstubAllEnvs()
  })

  test('gets commands that were sent before it was there', async () => {
    const worker = workerOf(
      'echoes',
      "process.parentPort.on('message', ({ data }) =>",
      "  process.parentPort.postMessage({ type: 'modelAnswered', answer: data }))",
    )
    const { engine } = start(worker)
    engine.send({ type: 'cancel' })
    expect(await nextEvent(engine)).toEqual({ type: 'modelAnswered', answer: { type: 'cancel' } })
  })

  test('that throws crashed with its last words, which come after its exit', async () => {
    const { exit } = start(workerOf('throws', "throw new Error('the heap is gone')"))
    expect(await exit).toMatchObject({
      type: 'crashed',
      reason: 'the engine process ended with code 1: Error: the heap is gone',
      said: expect.stringContaining('throws.mjs'),
    })
  })

  test('that is killed from outside says so', async () => {
    const { exit } = start(workerOf('kills', "process.kill(process.pid, 'SIGKILL')"))
    expect(await exit).toEqual({
      type: 'crashed',
      reason: 'the engine process was killed from outside (exit code 9)',
      said: '',
    })
  })

  test('that is asked to go goes, and did not crash', async () => {
    const worker = workerOf(
      'closes',
      ready,
      "process.parentPort.on('message', ({ data }) => { if (data.type === 'close') process.exit(0) })",
    )
    const { engine, exit } = start(worker)
    await nextEvent(engine)
    await engine.kill(60_000)
    expect(await exit).toEqual({ type: 'exited' })
  })

  test('that does not go when asked is ended after the grace', async () => {
    const { engine, exit } = start(workerOf('stays', ready, "process.parentPort.on('message', () => {})"))
    await nextEvent(engine)
    await engine.kill(20)
    expect(await exit).toEqual({ type: 'exited' })
  })

  test('that is ended before it has spawned is ended all the same', async () => {
    const { engine, exit, children } = start(
      workerOf('late', ready, "process.parentPort.on('message', () => {})"),
    )
    expect(children[0]?.pid).toBeUndefined()
    await engine.kill(0)
    expect(await exit).toEqual({ type: 'exited' })
  })

  test('that cannot be started crashed with the reason', async () => {
    const api = {
      fork: () => {
        throw new Error('utilityProcess cannot be created before app is ready')
      },
    }
    const engine = startUtilityEngine(api, '/nowhere', options, new CrashReasons())
    expect(await new Promise(resolve => engine.onExit(resolve))).toMatchObject({
      type: 'crashed',
      reason: expect.stringContaining('before app is ready'),
    })
  })

  test('whose worker is not there crashed', async () => {
    const { exit } = start('/nowhere/worker.mjs')
    expect(await exit).toMatchObject({
      type: 'crashed',
      reason: expect.stringContaining('Cannot find module'),
    })
  })
})

const built = join(import.meta.dirname, '..', '..', 'out', 'main', 'engineWorker.js')

describe.skipIf(!existsSync(built))('the built worker (skipped where the bundle is not built)', () => {
  describeEngine('in a utility process', (engineOptions, environment) => {
    const gone: GoneDetails[] = []
    const child = new StandInUtility(
      built,
      [JSON.stringify(engineOptions)],
      { env: environment, stdio: ['ignore', 'ignore', 'inherit'] },
      details => gone.push(details),
    )
    return {
      pid: () => child.pid,
      send: message => child.postMessage(message),
      onMessage: listener => {
        child.on('message', listener)
      },
      exited: new Promise(resolve => child.once('exit', resolve)),
      lose: () => child.dropChannel(),
      kill: () => {
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
        else child.once('spawn', () => process.kill(child.pid ?? Number.NaN, 'SIGKILL'))
      },
    }
  })
})
