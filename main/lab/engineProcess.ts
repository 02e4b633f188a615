import type { EngineCommand, EngineEvent } from '../../contract/engine.ts'
import { engineEventSchema } from '../../contract/engine.ts'

/** How an engine process came to its end. Only `crashed` loses work; its reason goes into the run. */
export type EngineExit =
  | { readonly type: 'exited' }
  /** `said`: the end of what it wrote to stderr. */
  | { readonly type: 'crashed'; readonly reason: string; readonly said: string }

/** A process that measures for the lab: forked Node in the hosted and terminal shells, utilityProcess in Electron. */
export type EngineProcess = {
  /** Unknown until it has started, and where it could not. */
  readonly pid: number | undefined
  readonly send: (command: EngineCommand) => void
  readonly onEvent: (listener: (event: EngineEvent) => void) => void
  /** Called exactly once, after the last event. */
  readonly onExit: (listener: (exit: EngineExit) => void) => void
  /** Asks the process to go, waits `graceMs`, then kills it. Resolves when it is gone. */
  readonly kill: (graceMs: number) => Promise<void>
}

export type StartEngine = () => EngineProcess

/** What a platform's process must offer to become an {@link EngineProcess}. */
export type ProcessLink = {
  readonly pid: () => number | undefined
  /** Messages for a process that is already gone are dropped. */
  readonly post: (message: EngineCommand) => void
  readonly onMessage: (listener: (message: unknown) => void) => void
  /** The process is gone; `problem` is empty after a clean exit. `said`: the end of what it wrote to stderr. */
  readonly onGone: (listener: (problem: string, said: string) => void) => void
  readonly askToGo: () => void
  readonly destroy: () => void
}

/** A process that could not be started: its supervisor hears so at once. */
export function unstarted(problem: string): ProcessLink {
  return {
    pid: () => undefined,
    post: () => {},
    onMessage: () => {},
    onGone: listener => listener(problem, ''),
    askToGo: () => {},
    destroy: () => {},
  }
}

/** Checks what the process says against the contract and tells a clean exit from a crash. */
export function superviseEngine(link: ProcessLink): EngineProcess {
  const eventListeners: Array<(event: EngineEvent) => void> = []
  const gone = Promise.withResolvers<EngineExit>()
  let askedToGo = false
  let breach = ''

  link.onMessage(message => {
    // What it said after a breach, before it was gone, counts for nothing.
    if (breach !== '') return
    const parsed = engineEventSchema.safeParse(message)
    if (parsed.success) {
      for (const listener of eventListeners) listener(parsed.data)
      return
    }
    breach = `the engine process sent a message outside the contract: ${excerpt(message)}`
    link.destroy()
  })
  link.onGone((problem, said) => {
    const reason = breach || (askedToGo ? '' : problem)
    gone.resolve(reason === '' ? { type: 'exited' } : { type: 'crashed', reason, said })
  })

  return {
    get pid() {
      return link.pid()
    },
    send: command => link.post(command),
    onEvent: listener => {
      eventListeners.push(listener)
    },
    onExit: listener => {
      void gone.promise.then(listener)
    },
    kill: async graceMs => {
      askedToGo = true
      link.askToGo()
      const timer = setTimeout(() => link.destroy(), graceMs)
      await gone.promise
      clearTimeout(timer)
    },
  }
}

function excerpt(message: unknown): string {
  return (JSON.stringify(message) ?? String(message)).slice(0, 200)
}
