import { z } from 'zod'
import { type LabError, labErrorSchema } from './error.ts'

/** An outcome whose value is not looked at yet; whoever receives it checks the value against the table of calls. */
export const outcomeSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: labErrorSchema }),
])

/** What a client sends over the hosted shell's socket. The client chooses `id`; the answer carries it. */
export const callFrameSchema = z.strictObject({
  id: z.number().int().nonnegative(),
  call: z.string(),
  input: z.unknown(),
})
export type CallFrame = z.infer<typeof callFrameSchema>

/** What the hosted shell sends. An answer with `id` null is to a frame that could not be read. */
export const serverFrameSchema = z.union([
  z.strictObject({ id: z.number().int().nonnegative().nullable(), outcome: outcomeSchema }),
  z.strictObject({ event: z.string(), payload: z.unknown() }),
])
export type ServerFrame = z.infer<typeof serverFrameSchema>

/** A call's channel over Electron's IPC. */
export const callChannel = (call: string) => `lab:call:${call}`
/** An event's channel over Electron's IPC. */
export const eventChannel = (event: string) => `lab:event:${event}`

/** The subprotocol that the hosted shell's socket speaks; the token comes as a second one, which is not answered. */
export const labSubprotocol = 'dmabuf-lab'
const tokenPrefix = 'token.'
export const subprotocolsWith = (token: string) => [labSubprotocol, `${tokenPrefix}${token}`]

/** From the header of a request for a socket. */
export function tokenInSubprotocol(header: string): string | null {
  const offered = header.split(',').map(each => each.trim())
  return offered.find(each => each.startsWith(tokenPrefix))?.slice(tokenPrefix.length) ?? null
}

/** How a socket is closed to our own page when its token is wrong; the range of 4000 is the application's. */
export const wrongTokenCode = 4401
/** What a page is told then. */
export const wrongToken: LabError = {
  kind: 'forbidden',
  message: 'this page does not have the token of the lab that runs here',
  hint: 'Open the address that the terminal printed.',
}

/** Where the hosted shell's socket is. */
export const socketPath = '/socket'
/** Where the hosted shell serves the script that defines `window.lab`. */
export const hostedPreloadPath = '/hosted.js'
