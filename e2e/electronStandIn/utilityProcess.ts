import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { constants } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

/**
 * Stands in for Electron's utilityProcess. Its manners are those of lib/browser/api/utility-process.ts,
 * shell/browser/api/electron_api_utility_process.cc and shell/services/node/node_service.cc of electron/electron at
 * 96f3996d (2026-08-22); each is named where it is. The process itself is plain Node: nothing here shows that Electron
 * runs.
 */
export type UtilityOptions = {
  readonly env?: Record<string, string>
  readonly execArgv?: readonly string[]
  readonly serviceName?: string
  readonly stdio?: readonly ('ignore' | 'pipe' | 'inherit')[]
}

export type GoneDetails = {
  readonly type: 'Utility'
  readonly reason: string
  readonly exitCode: number
  readonly serviceName: string
  readonly name: string
}

const initFile = join(import.meta.dirname, 'utilityInit.ts')
/** base::EnsureProcessTerminated: a process that does not go is killed after this. */
const terminationMs = 2000

export class StandInUtility extends EventEmitter {
  readonly #child: ChildProcess
  readonly #name: string
  readonly #onGone: (details: GoneDetails) => void
  #pid: number | undefined
  #stderr: PassThrough | null = null
  #killed = false
  #gone = false

  constructor(
    workerFile: string,
    args: readonly string[],
    options: UtilityOptions,
    onGone: (details: GoneDetails) => void,
  ) {
    super()
    const { env, stdio = ['ignore', 'inherit', 'inherit'] } = options
    // lib/browser/api/utility-process.ts checks these before anything starts.
    if (stdio.length < 3) throw new Error('configuration missing for stdin, stdout or stderr.')
    if (stdio[0] !== 'ignore') throw new Error('stdin value other than ignore is not supported.')
    if (stdio[2] === 'pipe') this.#stderr = new PassThrough()
    this.#name = options.serviceName ?? 'Node Utility Process'
    this.#onGone = onGone
    // NodeService::Initialize: "We do not want to crash the utility process on unhandled rejections."
    const rejections = '--unhandled-rejections=warn-with-error-code'
    this.#child = spawn(process.execPath, [rejections, '--import', initFile, workerFile, ...args], {
      // The environment that was given replaces the parent's (WithEnvironment's clear_environment).
      env: env ?? process.env,
      stdio: ['ignore', stdio[1] ?? 'inherit', stdio[2] ?? 'inherit', 'ipc'],
      serialization: 'advanced',
    })
    this.#child.once('error', () => this.#leave(1, 'launch-failed'))
    // OnServiceProcessLaunch comes from another thread: the pid is late, and stderr is joined no earlier.
    this.#child.once('spawn', () => setTimeout(() => this.#launched(), 5))
    this.#child.on('message', message => {
      if (!this.#gone) this.emit('message', message)
    })
    // The exit is told when the process is gone, whatever is still in its pipes.
    this.#child.once('exit', (code, signal) => this.#leave(statusOf(code, signal), reasonOf(code, signal)))
  }

  get pid(): number | undefined {
    return this.#pid
  }

  get stderr(): PassThrough | null {
    return this.#stderr
  }

  readonly stdout = null

  /** Structured clone, as SerializeV8Value: a function in it throws here. */
  postMessage(message: unknown): void {
    const clone: unknown = structuredClone(message)
    if (this.#child.connected && typeof clone === 'object' && clone !== null)
      this.#child.send(clone, () => {})
    else if (this.#child.connected) this.#child.send([clone], () => {})
  }

  /** UtilityProcessWrapper::Kill: false while there is no pid, and the wish is forgotten. */
  kill(): boolean {
    if (this.#pid === undefined) return false
    this.#killed = this.#child.kill('SIGTERM')
    setTimeout(() => this.#child.kill('SIGKILL'), terminationMs).unref()
    return this.#killed
  }

  /** Ends the channel without a word, as when the browser process dies. */
  dropChannel(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  #launched(): void {
    if (this.#gone) return
    this.#pid = this.#child.pid
    if (this.#stderr !== null) this.#child.stderr?.pipe(this.#stderr)
    this.emit('spawn')
  }

  #leave(status: number, reason: string): void {
    if (this.#gone) return
    this.#gone = true
    this.#pid = undefined
    if (reason !== '') {
      const serviceName = 'node.mojom.NodeService'
      this.#onGone({ type: 'Utility', reason, exitCode: status, serviceName, name: this.#name })
    }
    try {
      // HandleTermination: a kill that was asked for ends with 0.
      this.emit('exit', this.#killed && isTermination(status) ? 0 : status)
    } finally {
      // What was not read by now is heard by nobody that listened before.
      this.#stderr?.removeAllListeners()
      this.#stderr = null
    }
  }
}

/** waitpid's status: a signal's number is in its low bits. */
function statusOf(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 0) : constants.signals[signal]
}

function isTermination(status: number): boolean {
  return status === constants.signals.SIGTERM || status === constants.signals.SIGKILL
}

/** base::TerminationStatus, for the ends that BrowserChildProcessObserver hears of; empty for the others. */
function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT') return 'killed'
  if (signal !== null) return 'crashed'
  return code === 0 ? '' : 'abnormal-exit'
}
