import { fork } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeEngine } from './fixtures/engineContract.ts'

const worker = join(import.meta.dirname, 'worker.ts')

describeEngine('an engine process that was forked', (options, environment) => {
  const child = fork(worker, [JSON.stringify(options)], { env: environment })
  return {
    pid: () => child.pid,
    send: message => {
      child.send(JSON.parse(JSON.stringify(message)))
    },
    onMessage: listener => {
      child.on('message', listener)
    },
    exited: new Promise(resolve => child.once('exit', resolve)),
    lose: () => child.disconnect(),
    kill: () => {
      child.kill('SIGKILL')
    },
  }
})

test('goes with its channel while it is still loading', async () => {
  // A loader that never gives out the engine itself, as the slowest machine would.
  const load = `export const load = (url, context, next) =>
    url.endsWith('engineService.ts') ? new Promise(() => {}) : next(url, context)`
  const loader = `data:text/javascript,${encodeURIComponent(load)}`
  const register = `import { register } from 'node:module'; register(${JSON.stringify(loader)})`
  const execArgv = ['--import', `data:text/javascript,${encodeURIComponent(register)}`]
  const child = fork(join(import.meta.dirname, 'worker.ts'), ['{}'], { execArgv })
  const exited = new Promise(resolve => child.once('exit', resolve))
  child.disconnect()
  expect(await exited).toBe(0)
})
