import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws'
import { wrongTokenCode } from '../contract/frame.ts'
import { HostedLink } from './hostedLink.ts'

let server: WebSocketServer

beforeEach(async () => {
  server = await listen(0)
})

afterEach(() => stop(server))

async function listen(port: number): Promise<WebSocketServer> {
  const listening = new WebSocketServer({ host: '127.0.0.1', port })
  await once(listening, 'listening')
  return listening
}

function stop(listening: WebSocketServer): Promise<void> {
  for (const socket of listening.clients) socket.terminate()
  return new Promise(resolve => listening.close(() => resolve()))
}

function portOf(listening: WebSocketServer): number {
  const address: AddressInfo | string | null = listening.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function openLink() {
  const port = portOf(server)
  return new HostedLink(() => new WebSocket(`ws://127.0.0.1:${port}/socket`))
}

function answerAll(socket: ServerSocket, valueFor: (call: string) => unknown = call => call): void {
  socket.on('message', data => {
    const { id, call } = JSON.parse(String(data))
    socket.send(JSON.stringify({ id, outcome: { ok: true, value: valueFor(call) } }))
  })
}

test('a call made before the link is up is answered when it is', async () => {
  server.on('connection', socket => answerAll(socket))
  expect(await openLink().call('runs.list', {})).toEqual({ ok: true, value: 'runs.list' })
})

test('events reach their listeners until they unsubscribe; nonsense reaches nobody', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const connected = once(server, 'connection')
  const link = openLink()
  const [socket] = await connected
  const heard: unknown[] = []
  const unsubscribe = link.subscribe('runDeleted', payload => heard.push(payload))
  for (const frame of ['{', '[]', '{"event":"noSuchEvent","payload":1}']) socket.send(frame)
  socket.send(JSON.stringify({ event: 'runDeleted', payload: { runId: 1 } }))
  await expect.poll(() => heard).toEqual([{ runId: 1 }])
  expect(log).toHaveBeenCalledTimes(2)
  log.mockRestore()
  unsubscribe()
  answerAll(socket)
  socket.send(JSON.stringify({ event: 'runDeleted', payload: { runId: 2 } }))
  await link.call('runs.list', {})
  expect(heard).toEqual([{ runId: 1 }])
})

test('a call under way when the link drops is answered with an error, and the link comes back', async () => {
  const connected = once(server, 'connection')
  const link = openLink()
  const [socket] = await connected
  const heard: unknown[] = []
  link.subscribe('linkChanged', payload => heard.push(payload))
  const pending = link.call('runs.list', {})
  await once(socket, 'message')
  const port = portOf(server)
  await stop(server)
  expect(await pending).toMatchObject({ ok: false, error: { message: 'the link to the lab dropped' } })

  server = await listen(port)
  server.on('connection', socket => answerAll(socket))
  expect(await link.call('labInfo', {})).toEqual({ ok: true, value: 'labInfo' })
  expect(heard).toEqual([{ up: false }, { up: true }])
})

test('a page without the token is told so once, asks ever more seldom, and is let in with the right one', async () => {
  const openedMs: number[] = []
  let isRight = false
  server.on('connection', socket => {
    openedMs.push(performance.now())
    if (isRight) answerAll(socket)
    else socket.close(wrongTokenCode)
  })
  const link = openLink()
  const heard: unknown[] = []
  link.subscribe('linkChanged', payload => heard.push(payload))
  expect(await link.call('runs.list', {})).toMatchObject({ ok: false, error: { kind: 'forbidden' } })
  await expect.poll(() => openedMs.length).toBe(3)
  const [first = 0, second = 0, third = 0] = openedMs
  expect(third - second).toBeGreaterThan(1.5 * 250)
  expect(second - first).toBeGreaterThan(200)
  const late: unknown[] = []
  link.subscribe('linkChanged', payload => late.push(payload))
  await expect.poll(() => late).toEqual([{ up: false, refused: true }])
  expect(heard).toEqual(late)
  isRight = true
  await expect.poll(() => heard).toEqual([{ up: false, refused: true }, { up: true }])
})
