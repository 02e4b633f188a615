import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineOptions } from '../../contract/engine.ts'
import { reasonOf } from '../../contract/error.ts'
import { engineEnvironment } from './engineEnvironment.ts'
import { type EngineProcess, type ProcessLink, superviseEngine, unstarted } from './engineProcess.ts'
import { type EngineStderr, followStderr } from './engineStderr.ts'

/** An agent that outlives its engine holds the engine's stderr open; nobody waits for it longer than this. */
const lastWordsMs = 300

/** Starts `workerFile` under this process's own Node. The child goes when this process goes: its channel closes. */
export function forkEngine(workerFile: string, options: EngineOptions): EngineProcess {
  return superviseEngine(begin(workerFile, options))
}

/** Some failures to start come as an event, some as a throw. */
function begin(workerFile: string, options: EngineOptions): ProcessLink {
  try {
    return linkTo(
      fork(workerFile, [JSON.stringify(options)], {
        env: engineEnvironment(process.env),
        execArgv: [],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        // A session of its own: Ctrl-C in the terminal reaches the shell, which cancels, and not the engine or its agents.
        detached: true,
      }),
    )
  } catch (thrown) {
    return unstarted(`the engine process could not be started: ${reasonOf(thrown)}`)
  }
}

function linkTo(child: ChildProcess): ProcessLink {
  const stderr = followStderr(child.stderr)
  const problem = untilGone(child, stderr)
  return {
    pid: () => child.pid,
    post: message => {
      if (child.connected) child.send(message, () => {})
    },
    onMessage: listener => {
      child.on('message', listener)
    },
    onGone: listener => {
      void problem.then(text => listener(text, stderr.tail()))
    },
    askToGo: () => {
      if (child.connected) child.disconnect()
    },
    destroy: () => {
      child.kill('SIGKILL')
    },
  }
}

/** Resolves with what went wrong, or nothing, after the last message. Node's own `close` is not sent after disconnect(). */
async function untilGone(child: ChildProcess, stderr: EngineStderr): Promise<string> {
  const silent = Promise.withResolvers<void>()
  const drained = Promise.withResolvers<void>()
  const exited = Promise.withResolvers<string>()
  child.stderr?.once('close', silent.resolve)
  child.once('disconnect', drained.resolve)
  child.once('exit', () => exited.resolve(''))
  child.on('error', error => exited.resolve(`the engine process could not be started: ${error.message}`))
  const startProblem = await exited.promise
  if (startProblem !== '') return startProblem
  await drained.promise
  await Promise.race([silent.promise, sleep(lastWordsMs, undefined, { ref: false })])
  return problemOf(child, stderr.lastWords())
}

function problemOf({ exitCode, signalCode }: ChildProcess, lastWords: string): string {
  if (exitCode === 0) return ''
  const how = signalCode === null ? `ended with code ${exitCode}` : `was killed by ${signalCode}`
  return `the engine process ${how}${lastWords === '' ? '' : `: ${lastWords}`}`
}
