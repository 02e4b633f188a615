import { type EventName, eventNames } from '../contract/calls.ts'
import type { LabError, Outcome } from '../contract/error.ts'
import { type CallFrame, type ServerFrame, serverFrameSchema } from '../contract/frame.ts'
import type { LabLink } from './labClient.ts'

const firstRetryMs = 250
const longestRetryMs = 8000
/** A call made while the link is down waits this long for it. */
const patienceMs = 5000

/** What of a browser's WebSocket is used. */
export type Socket = Pick<WebSocket, 'send' | 'close' | 'addEventListener' | 'readyState'>

type Pending = { readonly frame: CallFrame; readonly resolve: (outcome: unknown) => void }
type Listener = (payload: unknown) => void

/**
 * The lab over a WebSocket. The link comes back by itself; a call that was under way when it dropped is answered
 * with an error, because nobody knows whether it was served.
 */
export function openHostedLink(connect: () => Socket): LabLink {
  const sent = new Map<number, Pending>()
  const waiting: Pending[] = []
  const listeners = new Map<EventName, Set<Listener>>(eventNames.map(event => [event, new Set()]))
  let socket: Socket | null = null
  let nextId = 1
  let retryMs = firstRetryMs

  const post = (pending: Pending) => {
    sent.set(pending.frame.id, pending)
    socket?.send(JSON.stringify(pending.frame))
  }

  const open = () => {
    const opened = connect()
    opened.addEventListener('open', () => {
      socket = opened
      retryMs = firstRetryMs
      for (const pending of waiting.splice(0)) post(pending)
    })
    opened.addEventListener('message', message => hear(message.data))
    opened.addEventListener('close', () => {
      socket = null
      for (const pending of sent.values()) pending.resolve(linkLost)
      sent.clear()
      setTimeout(open, retryMs)
      retryMs = Math.min(retryMs * 2, longestRetryMs)
    })
  }

  const hear = (text: unknown) => {
    const frame = readFrame(text)
    if (frame === null) return console.error('a frame outside the contract was dropped')
    if ('event' in frame) {
      const event = eventNames.find(name => name === frame.event)
      for (const listener of event === undefined ? [] : [...(listeners.get(event) ?? [])])
        listener(frame.payload)
    } else if (frame.id !== null) {
      sent.get(frame.id)?.resolve(frame.outcome)
      sent.delete(frame.id)
    }
  }

  open()
  return {
    call: (call, input) => {
      const { promise, resolve } = Promise.withResolvers<unknown>()
      const pending = { frame: { id: nextId++, call, input }, resolve }
      if (socket !== null) post(pending)
      else wait(pending, waiting)
      return promise
    },
    subscribe: (event, listener) => {
      listeners.get(event)?.add(listener)
      return () => {
        listeners.get(event)?.delete(listener)
      }
    },
  }
}

function wait(pending: Pending, waiting: Pending[]): void {
  waiting.push(pending)
  setTimeout(() => {
    const place = waiting.indexOf(pending)
    if (place < 0) return
    waiting.splice(place, 1)
    pending.resolve(linkLost)
  }, patienceMs)
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
const linkLost: Outcome<never> = { ok: false, error: lostError }
