import { type EventName, type EventPayload, eventNames } from '../contract/calls.ts'
import type { LabError, Outcome } from '../contract/error.ts'
import {
  type CallFrame,
  type ServerFrame,
  serverFrameSchema,
  wrongToken,
  wrongTokenCode,
} from '../contract/frame.ts'
import type { LabLink } from './labClient.ts'

const firstRetryMs = 250
const longestRetryMs = 8000
/** A call made while the link is down waits this long for it. */
const patienceMs = 5000

/** Asked where nothing else is, so that the lab answers. */
const anyCall: CallFrame = { id: 0, call: 'shell.info', input: {} }

/** What of a browser's WebSocket is used. */
export type Socket = Pick<WebSocket, 'send' | 'addEventListener'>

type LinkState = EventPayload<'linkChanged'>
type Pending = { readonly frame: CallFrame; readonly resolve: (outcome: unknown) => void }
type Listener = (payload: unknown) => void

/**
 * The lab over a WebSocket. The link comes back by itself; a call that was under way when it dropped is answered
 * with an error, because nobody knows whether it was served.
 */
export class HostedLink implements LabLink {
  readonly #connect: () => Socket
  readonly #sent = new Map<number, Pending>()
  readonly #waiting = new Set<Pending>()
  readonly #listeners = new Map<EventName, Set<Listener>>(eventNames.map(event => [event, new Set()]))
  #socket: Socket | null = null
  #nextId = 1
  /** A page begins with the link up: what it calls first waits for it. */
  #told: LinkState = { up: true }
  #retryMs = firstRetryMs
  /** Why a call is not answered. */
  #noLink: Outcome<never> = linkLost

  constructor(connect: () => Socket) {
    this.#connect = connect
    this.#open()
  }

  call(call: string, input: unknown): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const pending = { frame: { id: this.#nextId++, call, input }, resolve }
    if (this.#socket === null) this.#wait(pending)
    else this.#post(pending, this.#socket)
    return promise
  }

  subscribe(event: EventName, listener: Listener): () => void {
    this.#listeners.get(event)?.add(listener)
    // It may have dropped before anybody listened.
    if (event === 'linkChanged' && !this.#told.up) queueMicrotask(() => listener(this.#told))
    return () => {
      this.#listeners.get(event)?.delete(listener)
    }
  }

  #open(): void {
    const socket = this.#connect()
    socket.addEventListener('open', () => {
      this.#socket = socket
      for (const pending of this.#waiting) this.#post(pending, socket)
      this.#waiting.clear()
      if (this.#sent.size === 0) socket.send(JSON.stringify(anyCall))
    })
    socket.addEventListener('message', message => {
      // One without the token is opened, too, to be told why it is closed: only who answers is the lab's.
      this.#retryMs = firstRetryMs
      this.#tellLink({ up: true })
      this.#hear(message.data)
    })
    socket.addEventListener('close', ({ code }) => this.#reopen(code === wrongTokenCode))
  }

  /** A page whose token is wrong is told at once; another tab may get the right one. */
  #reopen(isRefused: boolean): void {
    this.#socket = null
    this.#noLink = isRefused ? refused : linkLost
    for (const pending of this.#sent.values()) pending.resolve(this.#noLink)
    this.#sent.clear()
    if (isRefused) {
      for (const pending of this.#waiting) pending.resolve(refused)
      this.#waiting.clear()
    }
    this.#tellLink(isRefused ? { up: false, refused: true } : { up: false })
    setTimeout(() => this.#open(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs)
  }

  #tellLink(state: LinkState): void {
    if (this.#told.up === state.up && this.#told.refused === state.refused) return
    this.#told = state
    this.#tell('linkChanged', state)
  }

  #post(pending: Pending, socket: Socket): void {
    this.#sent.set(pending.frame.id, pending)
    socket.send(JSON.stringify(pending.frame))
  }

  #wait(pending: Pending): void {
    this.#waiting.add(pending)
    setTimeout(() => {
      if (this.#waiting.delete(pending)) pending.resolve(this.#noLink)
    }, patienceMs)
  }

  #hear(text: unknown): void {
    const frame = readFrame(text)
    if (frame === null) {
      console.error('a frame outside the contract was dropped')
    } else if ('event' in frame) {
      const event = eventNames.find(name => name === frame.event)
      if (event !== undefined) this.#tell(event, frame.payload)
    } else if (frame.id !== null) {
      this.#sent.get(frame.id)?.resolve(frame.outcome)
      this.#sent.delete(frame.id)
    }
  }

  #tell(event: EventName, payload: unknown): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(payload)
  }
}

function readFrame(text: unknown): ServerFrame | null {
  try {
    const frame = serverFrameSchema.safeParse(typeof text === 'string' ? JSON.parse(text) : null)
    return frame.success ? frame.data : null
  } catch {
    return null
  }
}

const lostError: LabError = {
  kind: 'target-unavailable',
  message: 'the link to the lab dropped',
  hint: 'It reconnects by itself. If it does not, start the lab again in its terminal.',
}
const refused: Outcome<never> = { ok: false, error: wrongToken }
const linkLost: Outcome<never> = { ok: false, error: lostError }
