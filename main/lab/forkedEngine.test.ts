import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EngineExit, EngineProcess } from './engineProcess.ts'
import { type Script, scriptedOptions, scriptedWorkerFile } from './fixtures/scriptedLab.ts'
import { forkEngine } from './forkedEngine.ts'

/** Before it is killed, however busy the machine is. */
const patienceMs = 10 * 60_000

const start = (script: Script) => forkEngine(scriptedWorkerFile, scriptedOptions('/nowhere', script))

function exitOf(engine: EngineProcess): Promise<EngineExit> {
  const { promise, resolve } = Promise.withResolvers<EngineExit>()
  engine.onExit(resolve)
  return promise
}

const probe = { type: 'probe', target: 'local', directory: null } as const

describe('a forked engine', () => {
  test('that is asked to go exits, and did not crash', async () => {
    const engine = start('measure')
    const exit = exitOf(engine)
    await engine.kill(patienceMs)
    expect(await exit).toEqual({ type: 'exited' })
  })

  test('that dies under a command crashed, and says of what', async () => {
    const engine = start('die')
    const exit = exitOf(engine)
    engine.send(probe)
    expect(await exit).toEqual({
      type: 'crashed',
      reason: 'the engine process was killed by SIGKILL',
      said: '',
    })
  })

  test('whose worker cannot be loaded crashed with the reason', async () => {
    const engine = forkEngine('/nowhere/worker.ts', scriptedOptions('/nowhere', 'measure'))
    const exit = await exitOf(engine)
    expect(exit).toMatchObject({ type: 'crashed' })
    expect(JSON.stringify(exit)).toMatch(/Cannot find module|ERR_MODULE_NOT_FOUND/)
  })

  test('has an environment without what would change it', async () => {
    process.env.NODE_OPTIONS = '--no-warnings'
    const engine = start('environment')
    const { promise, resolve } = Promise.withResolvers<string>()
    engine.onEvent(event => {
      if (event.type === 'probed') resolve(event.capabilities.title)
    })
    engine.send(probe)
    const names = Object.keys(JSON.parse(await promise))
    delete process.env.NODE_OPTIONS
    await engine.kill(patienceMs)
    expect(names).toContain('PATH')
    expect(names).not.toContain('NODE_OPTIONS')
    expect(names.filter(name => name.startsWith('VITEST'))).toEqual([])
  })

  test('dies with the process that started it, even by SIGKILL', async () => {
    const owner = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'ownEngine.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(owner.stdout, 'data')
    const pid = Number(String(line))
    expect(isAlive(pid)).toBe(true)
    owner.kill('SIGKILL')
    await expect.poll(() => isAlive(pid)).toBe(false)
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
