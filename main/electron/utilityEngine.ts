import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineCommand, EngineOptions } from '../../contract/engine.ts'
import { reasonOf } from '../../contract/error.ts'
import { engineEnvironment } from '../lab/engineEnvironment.ts'
import { type EngineProcess, type ProcessLink, superviseEngine, unstarted } from '../lab/engineProcess.ts'
import { followStderr } from '../lab/engineStderr.ts'
import type { CrashReasons } from './crashReasons.ts'

/** What of Electron's utilityProcess is used. */
export type UtilityProcessApi = {
  readonly fork: (
    workerFile: string,
    args: string[],
    options: {
      env: Record<string, string>
      execArgv: string[]
      serviceName: string
      stdio: ['ignore', 'ignore', 'pipe']
    },
  ) => Utility
}

export type Utility = {
  /** Not there before `spawn` and after `exit`. */
  readonly pid: number | undefined
  readonly stderr: Readable | NodeJS.ReadableStream | null
  readonly postMessage: (message: EngineCommand) => void
  /** Does nothing and answers `false` before `spawn`. */
  readonly kill: () => boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'spawn', listener: () => void): unknown
  once(event: 'exit', listener: (code: number) => void): unknown
}

/** What is still under way when `exit` is told: the last of stderr, and Chromium's own word on the reason. */
const lastWordsMs = 300

let started = 0

/** An engine process as a utility process; Chromium ends it with the application. */
export function startUtilityEngine(
  utilityProcess: UtilityProcessApi,
  workerFile: string,
  options: EngineOptions,
  crashes: Pick<CrashReasons, 'reasonOf'>,
): EngineProcess {
  // Chromium tells of a crash under this name, so it must be one process's own.
  const serviceName = `dmabuf-lab engine ${++started}`
  try {
    const child = utilityProcess.fork(workerFile, [JSON.stringify(options)], {
      env: engineEnvironment(process.env),
      execArgv: [],
      serviceName,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    return superviseEngine(linkTo(child, () => crashes.reasonOf(serviceName)))
  } catch (thrown) {
    return superviseEngine(unstarted(`the engine process could not be started: ${reasonOf(thrown)}`))
  }
}

function linkTo(child: Utility, crashReason: () => string): ProcessLink {
  const said = followStderr(child.stderr)
  return {
    pid: () => child.pid,
    post: message => child.postMessage(message),
    onMessage: listener => {
      child.on('message', listener)
    },
    onGone: listener => {
      const { stderr } = child
      child.once('exit', async code => {
        await lastOf(stderr, said.hear)
        listener(problemOf(code, crashReason(), said.lastWords()), said.tail())
      })
    },
    askToGo: () => child.postMessage({ type: 'close' }),
    destroy: () => destroy(child),
  }
}

/** Electron takes every listener from stderr once `exit` has been told, with what is still in the pipe unread. */
async function lastOf(stderr: Utility['stderr'], hear: (chunk: Buffer) => void): Promise<void> {
  await Promise.resolve()
  const ended = Promise.withResolvers<void>()
  stderr?.off('data', hear)
  stderr?.on('data', hear)
  stderr?.once('end', ended.resolve)
  await Promise.race([ended.promise, sleep(lastWordsMs)])
}

/** A process that has not spawned yet cannot be killed; the wish is kept until it can. */
function destroy(child: Utility): void {
  if (child.pid === undefined) child.once('spawn', () => killNow(child))
  else killNow(child)
}

function killNow({ pid }: Utility): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch {
    // Gone meanwhile.
  }
}

/** Electron tells a code only; a signal's number is among its low bits. */
function problemOf(code: number, crashReason: string, lastWords: string): string {
  if (code === 0) return ''
  const how = crashReason === '' ? `ended with code ${code}` : crashReason
  return `the engine process ${how}${lastWords === '' ? '' : `: ${lastWords}`}`
}
