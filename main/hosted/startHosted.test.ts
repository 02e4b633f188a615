import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type ClientRequestArgs, type IncomingMessage, request as send } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { subprotocolsWith } from '../../contract/frame.ts'
import { openScriptedLab, shortPlan } from '../lab/fixtures/scriptedLab.ts'
import { type Hosted, startHosted } from './startHosted.ts'

let folder: string
let hosted: Hosted
let closeLab: () => Promise<void>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-hosted-'))
  const renderer = join(folder, 'renderer')
  mkdirSync(join(renderer, 'assets'), { recursive: true })
  writeFileSync(join(renderer, 'index.html'), '<!doctype html><html><head><title>lab</title></head></html>')
  writeFileSync(join(renderer, 'assets', 'app.js'), 'run()')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'hosted.cjs'), 'define()')
  const { lab, close } = openScriptedLab(folder, 'measure')
  closeLab = close
  const preloadFile = join(folder, 'hosted.cjs')
  hosted = await startHosted({ lab, port: 0, rendererDirectory: renderer, preloadFile })
})

afterEach(async () => {
  await hosted.close()
  await closeLab()
  rmSync(folder, { recursive: true })
})

type Reply = { status: number; headers: IncomingMessage['headers']; body: string }

async function get(path: string, options: ClientRequestArgs = {}): Promise<Reply> {
  const request = send({ host: '127.0.0.1', port: hosted.port, path, ...options })
  const answered = once(request, 'response')
  request.end()
  const [response]: IncomingMessage[] = await answered
  if (response === undefined) throw new Error('no response')
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
}

const bearer = () => ({ authorization: `Bearer ${hosted.token}` })

describe('the way in', () => {
  test('the address with the token gives the page, and sets no cookie', async () => {
    const { status, headers, body } = await get(`/?token=${hosted.token}`)
    expect(status).toBe(200)
    expect(headers['set-cookie']).toBeUndefined()
    expect(body).toContain('<head><script type="module" src="/hosted.js"></script>')
    expect(body).not.toContain(hosted.token)
  })

  test.each(['/?token=', '/?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '/hosted.js?token=wrong'])(
    '%s: 401, and nothing of the page',
    async path => {
      const reply = await get(path)
      expect(reply.status).toBe(401)
      expect(reply.body).not.toContain('<')
    },
  )

  test('the machine’s other name leads to the one that is ours', async () => {
    const { status, headers } = await get('/?token=x', { headers: { host: `localhost:${hosted.port}` } })
    expect([status, headers.location]).toEqual([307, `http://127.0.0.1:${hosted.port}/?token=x`])
  })

  test.each(['same-site', 'cross-site'])('a %s page gets no file', async site => {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' }
    expect((await get('/hosted.js', { headers })).status).toBe(403)
  })

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost.evil.example', '127.0.0.1:1'])(
    'the Host %s is refused, even with the token',
    async host => {
      expect((await get('/', { headers: { ...bearer(), host } })).status).toBe(403)
    },
  )

  test('a foreign Origin is refused, even with the token', async () => {
    const headers = { ...bearer(), origin: 'http://evil.example' }
    expect((await get('/', { headers })).status).toBe(403)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is not allowed', async method => {
    expect((await get('/', { method, headers: bearer() })).status).toBe(405)
  })

  test('listens on loopback only', async () => {
    const socket = connect({ host: '127.0.0.2', port: hosted.port })
    const [error] = await once(socket, 'error')
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('the files', () => {
  test.each([
    ['/assets/app.js', 'text/javascript; charset=utf-8', 'run()'],
    ['/hosted.js', 'text/javascript; charset=utf-8', 'define()'],
  ])('%s is served with its type', async (path, mediaType, body) => {
    const reply = await get(path, { headers: bearer() })
    expect([reply.status, reply.headers['content-type'], reply.body]).toEqual([200, mediaType, body])
  })

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/assets',
    '/etc/passwd',
    '/__proto__',
    '/[',
  ])('%s is not', async path => {
    const reply = await get(path, { headers: bearer() })
    expect(reply.status).toBe(404)
    expect(reply.body).not.toContain('secret')
  })

  test('come with a policy that allows no eval, no inline script and no foreign source', async () => {
    const { headers } = await get('/', { headers: bearer() })
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(policy).not.toContain('*')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
  })
})

function open(headers: Record<string, string>, path = '/socket'): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${hosted.port}${path}`, { headers })
}

async function opened(): Promise<WebSocket> {
  const socket = open(bearer())
  await once(socket, 'open')
  return socket
}

async function refusal(socket: WebSocket): Promise<number | undefined> {
  const [, response]: [unknown, IncomingMessage] = await new Promise(resolve =>
    socket.once('unexpected-response', (...answer) => resolve(answer)),
  )
  socket.on('error', () => {})
  socket.terminate()
  return response.statusCode
}

async function ask(socket: WebSocket, frame: unknown): Promise<unknown> {
  const answered = once(socket, 'message')
  socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame))
  const [data] = await answered
  return JSON.parse(String(data))
}

describe('the socket', () => {
  test('answers a call', async () => {
    const socket = await opened()
    const answer = await ask(socket, { id: 7, call: 'runs.list', input: {} })
    expect(answer).toEqual({ id: 7, outcome: { ok: true, value: [] } })
    socket.close()
  })

  test('tells every event of a run', async () => {
    const socket = await opened()
    const heard: string[] = []
    const { promise: finished, resolve } = Promise.withResolvers<void>()
    socket.on('message', data => {
      const frame = JSON.parse(String(data))
      heard.push(frame.event ?? 'answer')
      if (frame.event === 'runChanged' && frame.payload.summary.status === 'finished') resolve()
    })
    socket.send(JSON.stringify({ id: 1, call: 'runs.start', input: shortPlan }))
    await finished
    expect(heard.filter(event => event === 'sampleStored')).toHaveLength(4)
    socket.close()
  })

  test.each([
    ['no token', () => ({}), 401],
    ['a wrong token', () => ({ authorization: 'Bearer wrong' }), 401],
    ['a foreign Origin', () => ({ ...bearer(), origin: 'http://evil.example' }), 403],
    ['Origin null', () => ({ ...bearer(), origin: 'null' }), 403],
    ['a foreign Host', () => ({ ...bearer(), host: `evil.example:${hosted.port}` }), 403],
  ])('refuses %s', async (_what, headers, status) => {
    expect(await refusal(open(headers()))).toBe(status)
  })

  test('takes the token in a subprotocol, and does not send it back', async () => {
    const origin = `http://127.0.0.1:${hosted.port}`
    const socket = new WebSocket(`ws://127.0.0.1:${hosted.port}/socket`, subprotocolsWith(hosted.token), {
      origin,
    })
    await once(socket, 'open')
    expect(socket.protocol).toBe('dmabuf-lab')
    socket.close()
  })

  test('tells our own page that its token is wrong', async () => {
    const origin = `http://127.0.0.1:${hosted.port}`
    const socket = new WebSocket(`ws://127.0.0.1:${hosted.port}/socket`, subprotocolsWith('wrong'), {
      origin,
    })
    expect((await once(socket, 'close'))[0]).toBe(4401)
  })

  test('takes no cookie', async () => {
    const headers = { cookie: `token=${hosted.token}; dmabuf_lab_${hosted.port}=${hosted.token}` }
    expect(await refusal(open(headers))).toBe(401)
  })

  test('is at its own path only', async () => {
    expect(await refusal(open(bearer(), '/'))).toBe(404)
  })

  test.each([
    ['no JSON', '{'],
    ['a list', []],
    ['no id', { call: 'runs.list', input: {} }],
    ['an id of another kind', { id: 'x', call: 'runs.list', input: {} }],
    ['an extra member', { id: 1, call: 'runs.list', input: {}, token: 'x' }],
    ['binary', Buffer.from([0, 1, 2])],
  ])('answers a frame that is %s with an error', async (_what, frame) => {
    const socket = await opened()
    expect(await ask(socket, frame)).toMatchObject({
      id: null,
      outcome: { ok: false, error: { kind: 'bad-input' } },
    })
    expect(await ask(socket, { id: 1, call: 'runs.list', input: {} })).toMatchObject({ id: 1 })
    socket.close()
  })

  test.each(['noSuchCall', '__proto__', 'constructor'])(
    'answers the unknown call %s with an error',
    async call => {
      const socket = await opened()
      const answer = await ask(socket, { id: 3, call, input: {} })
      expect(answer).toMatchObject({ id: 3, outcome: { ok: false, error: { kind: 'bad-input' } } })
      socket.close()
    },
  )

  test('closes on a frame beyond the limit, and serves the next one', async () => {
    const socket = await opened()
    const closed = once(socket, 'close')
    socket.on('error', () => {})
    socket.send(Buffer.alloc(64 * 1024 * 1024 + 1, 'x'))
    const [code] = await closed
    expect([1006, 1009]).toContain(code)
    const next = await opened()
    expect(await ask(next, { id: 1, call: 'runs.list', input: {} })).toMatchObject({ id: 1 })
    next.close()
  })
})

describe('the doors', () => {
  test('a flood of connections without a token keeps neither descriptors nor the owner out', async () => {
    const before = readdirSync('/proc/self/fd').length
    const flood = Array.from({ length: 300 }, () => connect({ host: '127.0.0.1', port: hosted.port }))
    const open = new Set(flood)
    for (const socket of flood) socket.on('error', () => {}).on('close', () => open.delete(socket))
    await expect.poll(() => open.size).toBeLessThanOrEqual(32)
    const socket = await opened()
    expect(await ask(socket, { id: 1, call: 'runs.list', input: {} })).toMatchObject({ id: 1 })
    // Both ends of each connection are in this process.
    expect(readdirSync('/proc/self/fd').length - before).toBeLessThan(2 * 32 + 16)
    socket.close()
    for (const each of flood) each.destroy()
  })

  test('unfinished messages of many sockets are held to a sum', async () => {
    const sockets = await Promise.all(Array.from({ length: 6 }, () => opened()))
    const closed = new Set<WebSocket>()
    for (const socket of sockets) {
      socket.on('error', () => {}).on('close', () => closed.add(socket))
      for (let piece = 0; piece < 30 && !closed.has(socket); piece++) {
        socket.send(Buffer.alloc(1024 * 1024, 'x'), { binary: false, fin: false })
      }
    }
    await expect.poll(() => closed.size).toBeGreaterThanOrEqual(3)
    expect(closed.size).toBeLessThan(6)
    for (const socket of sockets) socket.terminate()
  })

  test('a page with too many calls under way is told to wait', async () => {
    const socket = await opened()
    const kinds = new Map<number, string>()
    socket.on('message', data => {
      const { id, outcome } = JSON.parse(String(data))
      kinds.set(id, outcome.ok ? 'ok' : outcome.error.kind)
    })
    for (let id = 1; id <= 100; id++) socket.send(JSON.stringify({ id, call: 'runs.list', input: {} }))
    await expect.poll(() => kinds.size).toBe(100)
    const words = [...kinds.values()]
    expect(words.filter(word => word === 'ok').length).toBeGreaterThanOrEqual(64)
    expect(words.filter(word => word !== 'ok' && word !== 'busy')).toEqual([])
    socket.close()
  })

  test('there is a last page that is served', async () => {
    const sockets = await Promise.all(Array.from({ length: 32 }, () => opened()))
    expect(await refusal(open(bearer()))).toBe(503)
    for (const socket of sockets) socket.terminate()
  })
})

test('a port that is taken is said to be', async () => {
  const { lab, close } = openScriptedLab(join(folder), 'measure')
  const taken = { lab, port: hosted.port, rendererDirectory: join(folder, 'renderer'), preloadFile: '' }
  await expect(startHosted(taken)).rejects.toMatchObject({ kind: 'busy' })
  await close()
})

test('a page that is not built is said to be', async () => {
  const { lab, close } = openScriptedLab(folder, 'measure')
  const unbuilt = { lab, port: 0, rendererDirectory: join(folder, 'none'), preloadFile: '' }
  await expect(startHosted(unbuilt)).rejects.toMatchObject({ kind: 'not-found' })
  await close()
})
