import type { WebSocket } from 'ws'
import { eventNames } from '../../contract/calls.ts'
import { inputError, type LabError } from '../../contract/error.ts'
import { callFrameSchema, type ServerFrame } from '../../contract/frame.ts'
import type { LabApplication } from '../lab/lab.ts'
import { serveCall } from '../lab/serveCall.ts'

/** A page that does not read its events is dropped before it costs more than this; it reconnects. */
const unreadLimitBytes = 64 * 1024 * 1024

/** Serves one page: its calls, and every event while it is there. */
export function serveSocket(socket: WebSocket, lab: LabApplication): void {
  const send = (frame: ServerFrame) => {
    if (socket.bufferedAmount > unreadLimitBytes) socket.terminate()
    else if (socket.readyState === socket.OPEN) socket.send(frameText(frame))
  }
  const unsubscribes = eventNames.map(event => lab.on(event, payload => send({ event, payload })))
  socket.on('close', () => {
    for (const unsubscribe of unsubscribes) unsubscribe()
  })
  // A protocol fault or an oversized frame; ws closes the socket with its code.
  socket.on('error', () => {})
  socket.on('message', (data, isBinary) => {
    void answerFrame(isBinary ? null : data.toString(), lab).then(send)
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
