import { z } from 'zod'

type Listener = (params: Record<string, unknown>) => void

const messageSchema = z.object({
  id: z.number().optional(),
  sessionId: z.string().optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ message: z.string() }).optional(),
})

/** Chromium's debugging protocol, over one socket, with flat sessions. */
export class DebuggingProtocol {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>()
  readonly #listeners = new Map<string, Set<Listener>>()
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', event => this.#hear(String(event.data)))
    socket.addEventListener('close', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error('Chromium is gone'))
      this.#waiting.clear()
    })
  }

  static async connect(url: string): Promise<DebuggingProtocol> {
    const socket = new WebSocket(url)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error(`no debugging protocol at ${url}`)))
    await promise
    return new DebuggingProtocol(socket)
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.#lastId
    const waiting = Promise.withResolvers<Record<string, unknown>>()
    this.#waiting.set(id, waiting)
    this.#socket.send(
      JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }),
    )
    return waiting.promise
  }

  /** Events of one session, or of the browser itself. */
  on(method: string, listener: Listener, sessionId = ''): void {
    const key = `${sessionId} ${method}`
    this.#listeners.set(key, (this.#listeners.get(key) ?? new Set()).add(listener))
  }

  close(): void {
    this.#socket.close()
  }

  #hear(text: string): void {
    const message = messageSchema.parse(JSON.parse(text))
    if (message.id !== undefined) {
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.error !== undefined) waiting?.reject(new Error(message.error.message))
      else waiting?.resolve(message.result ?? {})
    } else if (message.method !== undefined) {
      const key = `${message.sessionId ?? ''} ${message.method}`
      for (const listener of [...(this.#listeners.get(key) ?? [])]) listener(message.params ?? {})
    }
  }
}
