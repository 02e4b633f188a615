import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { hostedPreloadPath, labSubprotocol, socketPath, wrongTokenCode } from '../../contract/frame.ts'
import type { LabApplication } from '../lab/lab.ts'
import { rendererFiles } from '../lab/rendererFiles.ts'
import { type Gate, hasToken, refuseStranger } from './access.ts'
import { serveSocket } from './labSocket.ts'
import { listenOnLoopback, loopback, newSecret } from './loopback.ts'
import { type Files, servePage } from './pages.ts'
import { Strangers } from './strangers.ts'
import { Traffic } from './traffic.ts'

/** An imported run is the largest message: about 1 KiB per sample with its spans. */
const messageLimitBytes = 64 * 1024 * 1024
const heartbeatMs = 30_000
const mostPages = 32
/** For a request's head, which a page sends at once. */
const requestTimeoutMs = 10_000

export type HostedOptions = {
  readonly lab: LabApplication
  /** 0: any free port. */
  readonly port: number
  /** The built renderer, and the built script that defines `window.lab`. */
  readonly rendererDirectory: string
  readonly preloadFile: string
}

export type Hosted = {
  /** The address for the person; it carries the token, and so must not stand on a command line. */
  readonly url: string
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
  const server = createServer({
    headersTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: requestTimeoutMs / 2,
  })
  const strangers = new Strangers()
  server.on('connection', connection => strangers.take(connection))
  const gate: Gate = { token: newSecret(), port: await listenOnLoopback(server, port) }
  servePages(server, gate, files)
  const sockets = serveSockets({ server, gate, lab, strangers })
  return {
    url: `http://${loopback}:${gate.port}/?token=${gate.token}`,
    port: gate.port,
    token: gate.token,
    close: () => close(server, sockets),
  }
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

type SocketService = {
  readonly server: Server
  readonly gate: Gate
  readonly lab: LabApplication
  readonly strangers: Strangers
}

function serveSockets({ server, gate, lab, strangers }: SocketService): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: messageLimitBytes,
    // The token, which is offered beside it, is never sent back.
    handleProtocols: offered => offered.has(labSubprotocol) && labSubprotocol,
  })
  const traffic = new Traffic()
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => {})
    const stranger = refuseStranger(request, gate)
    if (stranger !== null) return refuseUpgrade(stream, `${stranger.status} Refused`, stranger.message)
    if (request.url !== socketPath) return refuseUpgrade(stream, '404 Not Found', 'There is no such socket.')
    if (!hasToken(request, gate)) return refuseTokenless(sockets, request, stream, head)
    strangers.release(stream)
    if (sockets.clients.size >= mostPages)
      return refuseUpgrade(stream, '503 Busy', 'Close a page of the lab.')
    sockets.handleUpgrade(request, stream, head, socket => {
      keepAlive(socket)
      traffic.watch(socket, stream)
      serveSocket(socket, lab, traffic)
    })
  })
  return sockets
}

/** Only how an open socket is closed can be read by a page, so our own page gets one to be told by. */
function refuseTokenless(sockets: WebSocketServer, request: IncomingMessage, stream: Duplex, head: Buffer) {
  if (request.headers.origin === undefined) {
    return refuseUpgrade(stream, '401 Refused', 'A socket needs the token: Authorization: Bearer TOKEN')
  }
  sockets.handleUpgrade(request, stream, head, socket => {
    socket.on('error', () => {})
    socket.close(wrongTokenCode, 'the token is wrong')
  })
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
