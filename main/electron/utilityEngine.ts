import type { Readable } from 'node:stream'
import type { EngineCommand, EngineOptions } from '../../contract/engine.ts'
import { engineEnvironment } from '../lab/engineEnvironment.ts'
import { type EngineProcess, superviseEngine } from '../lab/engineProcess.ts'
import { followStderr } from '../lab/engineStderr.ts'

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
  readonly pid: number | undefined
  readonly stderr: Readable | NodeJS.ReadableStream | null
  readonly postMessage: (message: EngineCommand) => void
  readonly kill: () => boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'exit', listener: (code: number) => void): unknown
}

/** An engine process as a utility process; Chromium ends it with the application. */
export function startUtilityEngine(
  utilityProcess: UtilityProcessApi,
  workerFile: string,
  options: EngineOptions,
): EngineProcess {
  const child = utilityProcess.fork(workerFile, [JSON.stringify(options)], {
    env: engineEnvironment(process.env),
    execArgv: [],
    serviceName: 'dmabuf-lab engine',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const stderr = followStderr(child.stderr)
  return superviseEngine({
    pid: () => child.pid,
    post: message => child.postMessage(message),
    onMessage: listener => {
      child.on('message', listener)
    },
    onGone: listener => {
      child.once('exit', code => listener(problemOf(code, stderr.lastWords()), stderr.tail()))
    },
    askToGo: () => {
      child.kill()
    },
    destroy: () => {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    },
  })
}

/** Electron tells a code only; a signal's number is among its low bits. */
function problemOf(code: number, lastWords: string): string {
  if (code === 0) return ''
  return `the engine process ended with code ${code}${lastWords === '' ? '' : `: ${lastWords}`}`
}
