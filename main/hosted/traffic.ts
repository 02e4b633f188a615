import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { MiB } from '../../contract/size.ts'

/** What all pages together may have unfinished on the way in, and unread on the way out. */
const mostUnfinishedBytes = 96 * MiB
const mostUnreadBytes = 96 * MiB

/** Holds the sum over all sockets within bounds: where it grows beyond, the socket with the most is dropped. */
export class Traffic {
  /** Bytes that came since each socket's last whole message. */
  readonly #unfinished = new Map<WebSocket, number>()

  watch(socket: WebSocket, stream: Duplex): void {
    this.#unfinished.set(socket, 0)
    stream.on('data', (chunk: Buffer) => {
      const bytes = this.#unfinished.get(socket)
      // It was dropped, and what it still had on the way is let go.
      if (bytes === undefined) return
      this.#unfinished.set(socket, bytes + chunk.length)
      this.#drop(mostUnfinishedBytes, each => this.#unfinished.get(each) ?? 0)
    })
    socket.on('message', () => {
      if (this.#unfinished.has(socket)) this.#unfinished.set(socket, 0)
    })
    socket.on('close', () => this.#unfinished.delete(socket))
  }

  /** To be called after something was sent. */
  checkUnread(): void {
    this.#drop(mostUnreadBytes, socket => socket.bufferedAmount)
  }

  #drop(mostBytes: number, bytesOf: (socket: WebSocket) => number): void {
    const sockets = [...this.#unfinished.keys()].sort((a, b) => bytesOf(b) - bytesOf(a))
    const sum = sockets.reduce((bytes, socket) => bytes + bytesOf(socket), 0)
    const [most] = sockets
    if (sum <= mostBytes || most === undefined) return
    this.#unfinished.delete(most)
    most.terminate()
  }
}
