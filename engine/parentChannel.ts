import type { EngineEvent } from '../contract/engine.ts'

/** The engine process's side of the channel to the lab. */
export type ParentChannel = {
  readonly post: (event: EngineEvent) => void
  readonly onMessage: (listener: (message: unknown) => void) => void
  /** The lab is gone, where the channel tells it. */
  readonly onClose: (listener: () => void) => void
}

/**
 * `process.parentPort` of Electron's utilityProcess; typed here so that the engine does not need Electron. It tells
 * messages and nothing else: the lab sends `close`, and Chromium ends the process when the lab is gone.
 */
export type ParentPort = {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  postMessage(message: unknown): void
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value
}

/** The channel of whichever parent started this process: Electron's utilityProcess or child_process.fork. */
export function parentChannel(): ParentChannel {
  const port: unknown = 'parentPort' in process ? process.parentPort : undefined
  if (isParentPort(port)) {
    return {
      post: event => port.postMessage(event),
      onMessage: listener => port.on('message', ({ data }) => listener(data)),
      onClose: () => {},
    }
  }
  if (process.send === undefined) {
    throw new Error('the engine talks to its parent: start it with child_process.fork or as a utilityProcess')
  }
  return {
    // A closed channel is told by `disconnect`; a message that it swallowed is of no use to anyone.
    post: event => process.send?.(event, undefined, undefined, () => {}),
    onMessage: listener => process.on('message', listener),
    onClose: listener => process.on('disconnect', listener),
  }
}
