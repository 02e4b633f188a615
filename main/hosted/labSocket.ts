import type { WebSocket } from 'ws'
import { eventNames } from '../../contract/calls.ts'
import { inputError, type LabError } from '../../contract/error.ts'
import { callFrameSchema, type ServerFrame } from '../../contract/frame.ts'
import type { LabApplication } from '../lab/lab.ts'
import { serveCall } from '../lab/serveCall.ts'
import type { Traffic } from './traffic.ts'

/** A page asks a few things at a time; each costs the lab until it is answered. */
const mostCallsAtOnce = 64

/** Serves one page: its calls, and every event while it is there. */
export function serveSocket(socket: WebSocket, lab: LabApplication, traffic: Traffic): void {
  let callsUnderWay = 0
  const send = (frame: ServerFrame) => {
    if (socket.readyState !== socket.OPEN) return
    socket.send(frameText(frame))
    // A page that does not read what it gets is dropped before it costs too much; it reconnects.
    traffic.checkUnread()
  }
  const unsubscribes = eventNames.map(event => lab.on(event, payload => send({ event, payload })))
  socket.on('close', () => {
    for (const unsubscribe of unsubscribes) unsubscribe()
  })
  // A protocol fault or an oversized frame; ws closes the socket with its code.
  socket.on('error', () => {})
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? null : data.toString()
    callsUnderWay += 1
    const answer = callsUnderWay > mostCallsAtOnce ? refuseFrame(text) : answerFrame(text, lab)
    void answer.then(send).finally(() => {
      callsUnderWay -= 1
    })
  })
}

/** V8 cannot hold a string of 512 MiB; an answer that long must not end the lab. */
export function frameText(frame: ServerFrame): string {
  try {
    return JSON.stringify(frame)
  } catch (thrown) {
    if (!('id' in frame)) throw thrown
    return JSON.stringify({ id: frame.id, outcome: { ok: false, error: tooLong } } satisfies ServerFrame)
  }
}

const tooLong: LabError = {
  kind: 'unsupported',
  message: 'the answer is too long for the link to the page',
  hint: 'Everything is kept. Take it in the terminal: export ID --format csv -o FILE',
}

async function answerFrame(text: string | null, lab: LabApplication): Promise<ServerFrame> {
  const frame = callFrameSchema.safeParse(text === null ? null : parseJson(text))
  if (!frame.success) return { id: null, outcome: { ok: false, error: unreadable(inputError(frame.error)) } }
  const { id, call, input } = frame.data
  return { id, outcome: await serveCall(lab.handlers, call, input) }
}

async function refuseFrame(text: string | null): Promise<ServerFrame> {
  const frame = callFrameSchema.safeParse(text === null ? null : parseJson(text))
  return { id: frame.success ? frame.data.id : null, outcome: { ok: false, error: tooManyCalls } }
}

const tooManyCalls: LabError = {
  kind: 'busy',
  message: `more than ${mostCallsAtOnce} calls are under way from this page`,
  hint: 'Wait for the answers, then ask again.',
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function unreadable(error: LabError): LabError {
  const hint = 'A frame is JSON: {"id": 1, "call": "runs.list", "input": {}}.'
  return { ...error, message: `unreadable frame: ${error.message}`, hint }
}
