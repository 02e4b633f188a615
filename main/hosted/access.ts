import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { tokenInSubprotocol } from '../../contract/frame.ts'

/**
 * Who may speak to the hosted shell: a holder of the token, from this machine. The token is in no cookie, because a
 * browser sends cookies to every server on the same address, whatever its port.
 */
export type Gate = { readonly token: string; readonly port: number }

export type Refusal = { readonly status: 401 | 403; readonly message: string }

/** What the browser may fetch from our pages and from its address bar, and for no page of another origin. */
const ownFetchSites = ['same-origin', 'none']

/** The one origin of our pages. `localhost` is none: another user may listen there on the port of the same number. */
export const ownHost = ({ port }: Gate) => `127.0.0.1:${port}`

/** Whether a request came to our port under the machine's other name. */
export function isToLocalhost({ headers }: IncomingMessage, { port }: Gate): boolean {
  return headers.host === `localhost:${port}`
}

/** Why a request is refused whatever it asks for, or `null`. A foreign Host is DNS rebinding. */
export function refuseStranger({ headers }: IncomingMessage, gate: Gate): Refusal | null {
  if (headers.host !== ownHost(gate)) {
    return { status: 403, message: 'This lab answers only to its own address on this machine.' }
  }
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers
  const isForeign = site !== undefined && !ownFetchSites.includes(String(site)) && mode !== 'navigate'
  if (isForeign || (origin !== undefined && origin !== `http://${ownHost(gate)}`)) {
    return { status: 403, message: 'Pages of other origins may not speak to this lab.' }
  }
  return null
}

/** Whether a socket's request carries the token: a page's in a subprotocol, a program's in its Authorization. */
export function hasToken({ headers }: IncomingMessage, gate: Gate): boolean {
  const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
  return isToken(bearer ?? tokenInSubprotocol(headers['sec-websocket-protocol'] ?? '') ?? '', gate)
}

/** Compares hashes, which have one length, in constant time. */
export function isToken(offered: string, { token }: Gate): boolean {
  return timingSafeEqual(sha256(offered), sha256(token))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
