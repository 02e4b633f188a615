import { EventEmitter } from 'node:events'

export type IpcEvent = {
  readonly sender: unknown
  readonly senderFrame: { readonly url: string; readonly parent: null } | null
}
type InvokeHandler = (event: IpcEvent, ...args: unknown[]) => unknown

/** `ipcMain`, as lib/browser/ipc-main-impl.ts and lib/browser/ipc-dispatch.ts have it. */
export class StandInIpcMain extends EventEmitter {
  readonly #handlers = new Map<string, InvokeHandler>()

  constructor() {
    super()
    this.on('error', () => {})
  }

  readonly handle = (channel: string, handler: InvokeHandler): void => {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    }
    this.#handlers.set(channel, handler)
  }

  /** The reply to an invocation: a result, or an error's text. */
  async invoke(event: IpcEvent, channel: string, args: readonly unknown[]): Promise<object> {
    const handler = this.#handlers.get(channel)
    try {
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
      return { result: await handler(event, ...args) }
    } catch (thrown) {
      console.error(`Error occurred in handler for '${channel}':`, thrown)
      return { error: String(thrown) }
    }
  }
}
