import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { fail } from '../../contract/error.ts'
import { hostedPreloadPath, socketPath } from '../../contract/frame.ts'
import type { LabApplication } from '../lab/lab.ts'
import { rendererFiles } from '../lab/rendererFiles.ts'
import { type Gate, refuseSocket } from './access.ts'
import { serveSocket } from './labSocket.ts'
import { type Files, servePage } from './pages.ts'

const loopback = '127.0.0.1'
/** An imported run is the largest message: about 1 KiB per sample with its spans. */
const messageLimitBytes = 64 * 1024 * 1024
const heartbeatMs = 30_000

export type HostedOptions = {
  readonly lab: LabApplication
  /** 0: any free port. */
  readonly port: number
  /** The built renderer, and the built script that defines `window.lab`. */
  readonly rendererDirectory: string
  readonly preloadFile: string
}

export type Hosted = {
  /** The address for the person; it carries the token. */
  readonly url: string
  /** An address that works once, to hand to a browser's command line. */
  readonly oneTimeUrl: () => string
  readonly port: number
  readonly token: string
  readonly close: () => Promise<void>
}

/** Serves the lab to a browser on this machine. @throws LabFailure `busy` when the port is taken, `not-found`. */
export async function startHosted({
  lab,
  port,
  rendererDirectory,
  preloadFile,
}: HostedOptions): Promise<Hosted> {
  const files = new Map(rendererFiles(rendererDirectory))
  files.set(hostedPreloadPath, { path: preloadFile, mediaType: 'text/javascript; charset=utf-8' })
  const server = createServer()
  const gate: Gate = { token: secret(), port: await listen(server, port), tickets: new Set() }
  servePages(server, gate, files)
  const sockets = serveSockets(server, gate, lab)
  const urlWith = (token: string) => `http://${loopback}:${gate.port}/?token=${token}`
  return {
    url: urlWith(gate.token),
    oneTimeUrl: () => {
      const ticket = secret()
      gate.tickets.add(ticket)
      return urlWith(ticket)
    },
    port: gate.port,
    token: gate.token,
    close: () => close(server, sockets),
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.once('error', reject)
  server.listen(port, loopback, () => {
    const address = server.address()
    if (address === null || typeof address === 'string') reject(new Error('the server has no port'))
    else resolve(address.port)
  })
  return promise.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') fail('busy', `port ${port} is taken`, 'Give another --port, or none.')
    if (error.code === 'EACCES')
      fail('forbidden', `port ${port} needs privileges`, 'Give a --port above 1023.')
    throw error
  })
}

function servePages(server: Server, gate: Gate, files: Files): void {
  server.on('request', (request, response) => {
    servePage(request, response, gate, files).catch(() => {
      // The build was replaced or removed under us.
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
}

function serveSockets(server: Server, gate: Gate, lab: LabApplication): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimitBytes })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => {})
    const refusal = refuseSocket(request, gate)
    if (refusal !== null) return refuseUpgrade(stream, `${refusal.status} Refused`, refusal.message)
    if (request.url !== socketPath) return refuseUpgrade(stream, '404 Not Found', 'There is no such socket.')
    sockets.handleUpgrade(request, stream, head, socket => {
      keepAlive(socket)
      serveSocket(socket, lab)
    })
  })
  return sockets
}

/** A laptop that slept leaves half-open sockets; one that misses a heartbeat is dropped. */
function keepAlive(socket: WebSocket): void {
  let answered = true
  socket.on('pong', () => {
    answered = true
  })
  const timer = setInterval(() => {
    if (!answered) return socket.terminate()
    answered = false
    socket.ping()
  }, heartbeatMs)
  socket.on('close', () => clearInterval(timer))
}

function refuseUpgrade(stream: Duplex, status: string, message: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n${message}\n`)
}

async function close(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  await promise
}
