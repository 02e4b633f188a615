import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { hostedPreloadPath } from '../../contract/frame.ts'
import { contentSecurityPolicy } from '../lab/contentSecurity.ts'
import type { RendererFile } from '../lab/rendererFiles.ts'
import { admits, type Gate, type Refusal, refuseStranger, refuseUnknown, sessionCookie } from './access.ts'

export type Files = ReadonlyMap<string, RendererFile>

/** Serves the page and its files to whoever holds the token; the token in the URL becomes a cookie. */
export async function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  gate: Gate,
  files: Files,
): Promise<void> {
  setSecurityHeaders(response, gate)
  const stranger = refuseStranger(request, gate)
  if (stranger !== null) return refuse(response, stranger)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return answer(response, 405, 'Only GET and HEAD.')
  }
  const url = URL.parse(`http://lab${request.url ?? '/'}`)
  const token = url?.searchParams.get('token') ?? null
  if (url?.pathname === '/' && token !== null && admits(token, gate)) return welcome(response, gate)
  const unknown = refuseUnknown(request, gate)
  if (unknown !== null) return refuse(response, unknown)
  const file = files.get(url?.pathname ?? '')
  if (file === undefined) return answer(response, 404, 'There is no such file.')
  const body = await contentOf(file)
  response.writeHead(200, { 'Content-Type': file.mediaType, 'Content-Length': body.byteLength })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** The redirect takes the token out of the address bar and the history. */
function welcome(response: ServerResponse, gate: Gate): void {
  response.writeHead(303, { Location: '/', 'Set-Cookie': sessionCookie(gate) }).end()
}

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  answer(response, status, message)
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${message}\n`)
}

function setSecurityHeaders(response: ServerResponse, { port }: Gate): void {
  // Some browsers do not count a WebSocket of the same origin as 'self'.
  const connect = `'self' ws://127.0.0.1:${port} ws://localhost:${port}`
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(connect))
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('X-Frame-Options', 'DENY')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Cache-Control', 'no-store')
}

/** The page gets `window.lab` from a script before its own: modules run in document order. */
async function contentOf(file: RendererFile): Promise<Buffer> {
  const content = await readFile(file.path)
  if (!file.mediaType.startsWith('text/html')) return content
  const script = `<script type="module" src="${hostedPreloadPath}"></script>`
  return Buffer.from(content.toString().replace('<head>', `<head>${script}`))
}
