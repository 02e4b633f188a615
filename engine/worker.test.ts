import { fork } from 'node:child_process'
import { join } from 'node:path'
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
