import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { EngineExit } from '../lab/engineProcess.ts'
import { startUtilityEngine, type Utility, type UtilityProcessApi } from './utilityEngine.ts'

const options = {
  agentDirectory: '/agents',
  dataDirectory: '/data',
  adbServer: { host: '127.0.0.1', port: 5037 },
}

/** Stands in for Electron's utility process, whose runtime is not here. */
class StandIn extends EventEmitter implements Utility {
  readonly pid = undefined
  readonly stderr = new PassThrough()
  readonly posted: unknown[] = []

  postMessage(message: unknown): void {
    this.posted.push(message)
  }

  kill(): boolean {
    this.emit('exit', 15)
    return true
  }
}

function start() {
  const child = new StandIn()
  const forked: Parameters<UtilityProcessApi['fork']>[] = []
  const api: UtilityProcessApi = {
    fork: (...call) => {
      forked.push(call)
      return child
    },
  }
  const engine = startUtilityEngine(api, '/out/engineWorker.js', options)
  const { promise: exit, resolve } = Promise.withResolvers<EngineExit>()
  engine.onExit(resolve)
  return { engine, child, exit, forked }
}

test('is told its options, and gets a cleaned environment', () => {
  process.env.ELECTRON_RUN_AS_NODE = '1'
  const [call] = start().forked
  delete process.env.ELECTRON_RUN_AS_NODE
  expect(call?.[0]).toBe('/out/engineWorker.js')
  expect(JSON.parse(call?.[1][0] ?? '')).toEqual(options)
  expect(Object.keys(call?.[2].env ?? {})).not.toContain('ELECTRON_RUN_AS_NODE')
})

test('passes commands and events', () => {
  const { engine, child } = start()
  const heard: unknown[] = []
  engine.onEvent(event => heard.push(event))
  engine.send({ type: 'cancel' })
  child.emit('message', { type: 'ready' })
  expect(child.posted).toEqual([{ type: 'cancel' }])
  expect(heard).toEqual([{ type: 'ready' }])
})

test('a crash is told with its last words', async () => {
  const { child, exit } = start()
  child.stderr.write('Error: the heap is gone\n')
  await new Promise(setImmediate)
  child.emit('exit', 1)
  expect(await exit).toEqual({
    type: 'crashed',
    reason: 'the engine process ended with code 1: Error: the heap is gone',
    said: 'Error: the heap is gone',
  })
})

test('an end that was asked for is no crash', async () => {
  const { engine, exit } = start()
  await engine.kill(1000)
  expect(await exit).toEqual({ type: 'exited' })
})
