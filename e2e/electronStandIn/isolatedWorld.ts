import type { Bridge } from './contextBridge.ts'

/** What an isolated world is given by the script that is written out into it. */
export type WorldParts = {
  readonly bridge: Bridge
  readonly encode: (value: unknown) => string
  readonly decode: (text: string) => unknown
  /** To the shell: one string. */
  readonly post: (text: string) => void
}

/**
 * Makes `require('electron')` for a sandboxed preload: contextBridge, ipcRenderer and webUtils, as
 * lib/renderer/api/ipc-renderer.ts has them. It runs in the page and is written out into it, so it uses nothing from
 * outside of itself. Returns how the shell delivers a message.
 */
export function makeIsolatedWorld({ bridge, encode, decode, post }: WorldParts) {
  type Listener = (event: object, ...args: unknown[]) => void
  const listeners = new Map<string, Set<Listener>>()
  const invocations = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (reason: unknown) => void }
  >()
  let lastId = 0

  const ipcRenderer = {
    send: (channel: string, ...args: unknown[]) => post(encode({ op: 'send', channel, args })),
    invoke: (channel: string, ...args: unknown[]) => {
      const id = ++lastId
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      invocations.set(id, { resolve, reject })
      post(encode({ op: 'invoke', id, channel, args }))
      return promise
    },
    on: (channel: string, listener: Listener) => {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener))
      return ipcRenderer
    },
    off: (channel: string, listener: Listener) => {
      listeners.get(channel)?.delete(listener)
      return ipcRenderer
    },
  }

  const webUtils = {
    /** Answers at once, as Electron's does: the debugger stops here, and the shell fills in what Chromium knows. */
    getPathForFile: function getPathForFile(file: unknown): string {
      if (!(file instanceof File)) throw new TypeError('Unable to get path for non-File object')
      const known = { path: '' }
      // biome-ignore lint/suspicious/noDebugger: this is where the shell answers
      debugger
      return known.path
    },
  }

  const modules: Record<string, unknown> = {
    electron: { contextBridge: { exposeInMainWorld: bridge.expose }, ipcRenderer, webUtils },
  }
  const require = (name: string): unknown => {
    // lib/sandboxed_renderer/preload.ts: a sandboxed preload has these and no file beside it.
    if (modules[name] === undefined) throw new Error(`module not found: ${name}`)
    return modules[name]
  }

  const deliver = (text: string): void => {
    const message = decode(text)
    if (typeof message !== 'object' || message === null || !('op' in message)) return
    if (message.op === 'message' && 'channel' in message && 'args' in message) {
      const args: unknown[] = Array.isArray(message.args) ? message.args : []
      for (const listener of [...(listeners.get(String(message.channel)) ?? [])]) listener({}, ...args)
    } else if (message.op === 'reply' && 'id' in message && 'channel' in message) {
      const waiting = invocations.get(Number(message.id))
      invocations.delete(Number(message.id))
      if ('error' in message) {
        const said = `Error invoking remote method '${String(message.channel)}': ${String(message.error)}`
        waiting?.reject(new Error(said))
      } else waiting?.resolve('result' in message ? message.result : undefined)
    }
  }
  return { require, deliver }
}
