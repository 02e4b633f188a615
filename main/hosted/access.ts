import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Who may speak to the hosted shell: a holder of the token, from this machine, from our own page. */
export type Gate = {
  readonly token: string
  readonly port: number
  /** Tokens for a single visit: a browser's command line, where one stands, can be read by everybody on the machine. */
  readonly tickets: Set<string>
}

export type Refusal = { readonly status: 401 | 403; readonly message: string }

const openThePrintedAddress = 'Open the address that the terminal printed: it carries the token.'

/** Cookies know no ports: the name keeps two labs on one machine apart. */
export const cookieName = (port: number) => `dmabuf_lab_${port}`

export function sessionCookie({ token, port }: Gate): string {
  return `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`
}

/** Why a request is refused whatever it asks for, or `null`. A foreign Host is DNS rebinding. */
export function refuseStranger(request: IncomingMessage, gate: Gate): Refusal | null {
  const { host, origin } = request.headers
  if (host === undefined || !ownHosts(gate).includes(host)) {
    return { status: 403, message: 'This lab answers only to its own address on this machine.' }
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: 403, message: 'Pages of other origins may not speak to this lab.' }
  }
  return null
}

/** Why a request without a token in its URL is refused, or `null`. */
export function refuseUnknown(request: IncomingMessage, gate: Gate): Refusal | null {
  const offered = bearerOf(request) ?? cookieOf(request, cookieName(gate.port))
  return offered !== null && isToken(offered, gate) ? null : { status: 401, message: openThePrintedAddress }
}

/** As {@link refuseUnknown}; a cookie alone needs an Origin beside it, since a browser sends cookies unasked. */
export function refuseSocket(request: IncomingMessage, gate: Gate): Refusal | null {
  const stranger = refuseStranger(request, gate) ?? refuseUnknown(request, gate)
  if (stranger !== null) return stranger
  if (bearerOf(request) === null && request.headers.origin === undefined) {
    return { status: 403, message: 'A socket without an Origin needs the token in its Authorization header.' }
  }
  return null
}

/** Whether the URL's token lets in; a ticket does once. */
export function admits(offered: string, gate: Gate): boolean {
  return gate.tickets.delete(offered) || isToken(offered, gate)
}

/** Compares hashes, which have one length, in constant time. */
function isToken(offered: string, { token }: Gate): boolean {
  return timingSafeEqual(sha256(offered), sha256(token))
}

function ownHosts({ port }: Gate): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`]
}

function bearerOf(request: IncomingMessage): string | null {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null
}

function cookieOf(request: IncomingMessage, name: string): string | null {
  const pairs = (request.headers.cookie ?? '').split(';').map(pair => pair.trim())
  return pairs.find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
