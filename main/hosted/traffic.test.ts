import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { MiB } from '../../contract/size.ts'
import { Traffic } from './traffic.ts'

let http: Server
let server: WebSocketServer
let traffic: Traffic

beforeEach(async () => {
  traffic = new Traffic()
  http = createServer().listen(0, '127.0.0.1')
  server = new WebSocketServer({ server: http })
  await once(http, 'listening')
})

afterEach(() => {
  for (const page of server.clients) page.terminate()
  server.close()
  http.close()
})

/** A page that reads, or does not, and the server's end of its link. */
async function link(reads: boolean): Promise<{ page: WebSocket; end: WebSocket }> {
  const connected = once(server, 'connection')
  const { port }: AddressInfo = Object(http.address())
  const page = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
  const [end, request]: [WebSocket, { socket: Socket }] = Object(await connected)
  await once(page, 'open')
  if (!reads) page.pause()
  traffic.watch(end, request.socket)
  return { page, end }
}

/** As much as the kernel takes on the way is not the lab's; what stays behind is. */
function fill(end: WebSocket, bytes: number): void {
  const message = Buffer.alloc(4 * MiB)
  while (end.bufferedAmount < bytes && end.readyState === WebSocket.OPEN) {
    end.send(message)
    traffic.checkUnread()
  }
}

test('a page that reads nothing is dropped where more than 96 MiB wait for it, and the others go on', async () => {
  const idle = await link(false)
  const reading = await link(true)
  fill(idle.end, 80 * MiB)
  expect([idle.end, reading.end].map(({ readyState }) => readyState)).toEqual([
    WebSocket.OPEN,
    WebSocket.OPEN,
  ])
  const dropped = once(idle.end, 'close')
  fill(idle.end, 120 * MiB)
  await dropped
  expect(reading.end.readyState).toBe(WebSocket.OPEN)
  const heard = once(reading.page, 'message')
  reading.end.send('still here')
  expect(String((await heard)[0])).toBe('still here')
  idle.page.terminate()
})

test('of several that read nothing the one with the most is dropped, until the sum is held', async () => {
  const pages = [await link(false), await link(false), await link(false)]
  const [most, some, little] = pages.map(({ end }) => end)
  if (most === undefined || some === undefined || little === undefined) throw new Error('no page')
  fill(most, 40 * MiB)
  fill(some, 30 * MiB)
  const dropped = once(most, 'close')
  fill(little, 29 * MiB)
  await dropped
  expect([some, little].map(({ readyState }) => readyState)).toEqual([WebSocket.OPEN, WebSocket.OPEN])
  for (const { page } of pages) page.terminate()
})
