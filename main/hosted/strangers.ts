import type { Duplex } from 'node:stream'

/** Enough for a browser that loads the page in several tabs at once. */
const mostStrangers = 32
/** Long enough to load a file of the page. */
const longestStayMs = 20_000

/**
 * Connections that have not shown the token. Any user of this machine can open them, and each costs the lab a
 * descriptor: there are few, and the oldest gives way to a new one, so that a flood does not keep the owner out.
 */
export class Strangers {
  readonly #connections = new Map<Duplex, NodeJS.Timeout>()

  get count(): number {
    return this.#connections.size
  }

  take(connection: Duplex): void {
    const [oldest] = this.#connections.keys()
    if (this.count >= mostStrangers && oldest !== undefined) this.#turnOut(oldest)
    const timer = setTimeout(() => this.#turnOut(connection), longestStayMs)
    timer.unref()
    this.#connections.set(connection, timer)
    connection.once('close', () => this.release(connection))
  }

  /** It has shown the token, or is gone. */
  release(connection: Duplex): void {
    clearTimeout(this.#connections.get(connection))
    this.#connections.delete(connection)
  }

  #turnOut(connection: Duplex): void {
    this.release(connection)
    connection.destroy()
  }
}
