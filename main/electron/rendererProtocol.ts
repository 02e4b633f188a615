import { readFile } from 'node:fs/promises'
import { contentSecurityPolicy } from '../lab/contentSecurity.ts'
import type { RendererFile } from '../lab/rendererFiles.ts'
import { isOwnPage, ownScheme } from './ownPages.ts'

/** What of Electron's protocol is used. */
export type Protocol = {
  readonly handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void
}

/** Must be told before the app is ready: a standard, secure scheme has an origin and gets the policy's `'self'`. */
export const privilegedScheme = {
  scheme: ownScheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
}

/** Serves the built renderer on `lab://app/`. */
export function serveRenderer(protocol: Protocol, files: ReadonlyMap<string, RendererFile>): void {
  protocol.handle(ownScheme, request => answer(request, files))
}

async function answer(request: Request, files: ReadonlyMap<string, RendererFile>): Promise<Response> {
  const file = isOwnPage(request.url) ? files.get(new URL(request.url).pathname) : undefined
  if (request.method !== 'GET' || file === undefined) return new Response(null, { status: 404, headers })
  const body = new Uint8Array(await readFile(file.path))
  return new Response(body, { headers: { ...headers, 'Content-Type': file.mediaType } })
}

const headers = {
  'Content-Security-Policy': contentSecurityPolicy("'none'"),
  'X-Content-Type-Options': 'nosniff',
}
