import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { hostedPreloadPath } from '../../contract/frame.ts'
import { contentSecurityPolicy } from '../lab/contentSecurity.ts'
import type { RendererFile } from '../lab/rendererFiles.ts'
import { type Gate, isToken, isToLocalhost, ownHost, type Refusal, refuseStranger } from './access.ts'

export type Files = ReadonlyMap<string, RendererFile>

const openThePrintedAddress = 'Open the address that the terminal printed: it carries the token.'

/**
 * Serves the page and its files, which hold nothing of the lab's: what the page shows comes over the socket, for the
 * token alone. The page itself takes the token out of its address.
 */
export async function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  gate: Gate,
  files: Files,
): Promise<void> {
  setSecurityHeaders(response, gate)
  if (isToLocalhost(request, gate)) return sendHome(request, response, gate)
  const stranger = refuseStranger(request, gate)
  if (stranger !== null) return refuse(response, stranger)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return answer(response, 405, 'Only GET and HEAD.')
  }
  const url = URL.parse(`http://lab${request.url ?? '/'}`)
  const token = url?.searchParams.get('token') ?? null
  if (token !== null && !isToken(token, gate)) {
    return refuse(response, { status: 401, message: openThePrintedAddress })
  }
  const file = files.get(url?.pathname ?? '')
  if (file === undefined) return answer(response, 404, 'There is no such file.')
  const body = await contentOf(file)
  response.writeHead(200, { 'Content-Type': file.mediaType, 'Content-Length': body.byteLength })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** The same under the one name that is ours. */
function sendHome(request: IncomingMessage, response: ServerResponse, gate: Gate): void {
  response.writeHead(307, { Location: `http://${ownHost(gate)}${request.url ?? '/'}` }).end()
}

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  answer(response, status, message)
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${message}\n`)
}

function setSecurityHeaders(response: ServerResponse, { port }: Gate): void {
  // Some browsers do not count a WebSocket of the same origin as 'self'.
  const connect = `'self' ws://127.0.0.1:${port}`
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
