import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import react from '@vitejs/plugin-react'
import { createServer as createVite, type Plugin, type ViteDevServer } from 'vite'
import { socketPath } from '../../contract/frame.ts'
import { type Gate, hasToken, isToken, refuseStranger } from '../../main/hosted/access.ts'
import { listenOnLoopback, loopback, newSecret } from '../../main/hosted/loopback.ts'
import { contentSecurityPolicy } from '../../main/lab/contentSecurity.ts'
import type { ShellAddress } from './shellProcess.ts'

const root = join(import.meta.dirname, '..', '..')

export type DevServer = { readonly url: string; readonly close: () => Promise<void> }

/**
 * The page from its sources, with hot reload, before a hosted shell that may be started again meanwhile. Who may speak
 * to it is decided by the hosted shell's own rules; the page's socket is passed on to the shell.
 */
export async function startDevServer(port: number, shell: () => Promise<ShellAddress>): Promise<DevServer> {
  const server = createServer()
  const gate: Gate = { token: newSecret(), port: await listenOnLoopback(server, port) }
  const nonce = newSecret()
  const vite = await createVite(viteOptions(server, nonce))
  server.on('request', (request, response) => servePage(request, response, { gate, nonce, vite }))
  const streams = new Set<Duplex>()
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    streams.add(stream)
    stream.on('error', () => {}).on('close', () => streams.delete(stream))
    if (request.url !== socketPath) return // Vite's own, which asks for a token that only the page is told.
    const stranger = refuseStranger(request, gate)
    if (stranger !== null || !hasToken(request, gate)) {
      return void stream.end(`HTTP/1.1 ${stranger?.status ?? 401} Refused\r\n\r\n`)
    }
    shell().then(
      address => passOn({ request, stream, head }, address),
      () => stream.destroy(),
    )
  })
  return {
    url: `http://${loopback}:${gate.port}/?token=${gate.token}`,
    close: async () => {
      await vite.close()
      server.closeAllConnections()
      for (const stream of streams) stream.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function viteOptions(server: Server, nonce: string) {
  return {
    configFile: false as const,
    root: join(root, 'renderer'),
    appType: 'spa' as const,
    plugins: [react(), labScript],
    html: { cspNonce: nonce },
    cacheDir: join(root, 'node_modules', '.vite'),
    server: { middlewareMode: true, hmr: { server }, fs: { allow: [root] } },
  }
}

/** `window.lab` from its source, before the page's own script, where the hosted shell puts it. */
const labScript: Plugin = {
  name: 'lab-script',
  transformIndexHtml: () => [
    {
      tag: 'script',
      attrs: { type: 'module', src: `/@fs${join(root, 'preload', 'hosted.ts')}` },
      injectTo: 'head-prepend',
    },
  ],
}

type Page = { readonly gate: Gate; readonly nonce: string; readonly vite: ViteDevServer }

function servePage(request: IncomingMessage, response: ServerResponse, { gate, nonce, vite }: Page): void {
  response.setHeader('Content-Security-Policy', devPolicy(gate.port, nonce))
  const stranger = refuseStranger(request, gate)
  if (stranger !== null) return void response.writeHead(stranger.status).end(stranger.message)
  const token = URL.parse(`http://lab${request.url ?? '/'}`)?.searchParams.get('token') ?? null
  if (token !== null && !isToken(token, gate)) {
    return void response.writeHead(401).end('Open the address that the terminal printed.\n')
  }
  vite.middlewares(request, response)
}

/** The hosted shell's policy; what Vite puts into the page is admitted by its nonce. */
function devPolicy(port: number, nonce: string): string {
  const connectTo = `'self' ws://${loopback}:${port} ws://localhost:${port}`
  return contentSecurityPolicy(connectTo).replaceAll(/(script|style)-src 'self'/g, `$& 'nonce-${nonce}'`)
}

type Upgrade = { readonly request: IncomingMessage; readonly stream: Duplex; readonly head: Buffer }

function passOn({ request, stream, head }: Upgrade, { port, token }: ShellAddress): void {
  const shell = connect(port, loopback)
  const kept = Object.entries(request.headers).filter(
    ([name]) => !['host', 'origin', 'cookie', 'authorization'].includes(name),
  )
  const headers = [...kept, ['host', `${loopback}:${port}`], ['authorization', `Bearer ${token}`]]
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  shell.write(`GET ${socketPath} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  shell.write(head)
  shell.pipe(stream)
  stream.pipe(shell)
  shell.on('error', () => stream.destroy())
  shell.on('close', () => stream.destroy())
  stream.on('close', () => shell.destroy())
}
