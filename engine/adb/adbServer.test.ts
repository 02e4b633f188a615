import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openDevice } from './adbDevicePort.ts'
import { connectServer, watchDevices } from './adbServer.ts'

const sockets = new Set<Socket>()
let server: Server | undefined

/** Something on a loopback port that treats every connection in one way. */
async function listen(onConnection: (socket: Socket) => void): Promise<{ host: string; port: number }> {
  const listening = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  })
  server = listening
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { host: '127.0.0.1', port: address.port }
}

/** An adb server's answer: OKAY, the length in four hexadecimal digits, the text. */
function answerTo(request: string, answers: Record<string, string>): string {
  const text = answers[request.slice(4)] ?? ''
  return `OKAY${text.length.toString(16).padStart(4, '0')}${text}`
}

afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  server?.close()
  vi.unstubAllEnvs()
})

describe('connectServer', () => {
  it('refuses a server of another version', async () => {
    const old = await listen(socket => socket.on('data', () => socket.end('OKAY0004001f')))
    await expect(connectServer(old)).rejects.toMatchObject({
      kind: 'target-unavailable',
      message: expect.stringContaining('has version 31, the lab needs 41'),
    })
  })

  it.each([
    ['speaks another protocol', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['hangs up', (socket: Socket) => socket.end()],
    ['breaks the connection', (socket: Socket) => socket.resetAndDestroy()],
    ['never answers', () => {}],
  ])('refuses what %s', async (_, onConnection) => {
    const stranger = await listen(onConnection)
    await expect(connectServer(stranger)).rejects.toMatchObject({
      kind: 'target-unavailable',
      message: expect.stringContaining('no adb server that the lab can use'),
    })
  })

  it('explains that the adb program is missing where no server runs', async () => {
    vi.stubEnv('PATH', '/nonexistent')
    await expect(connectServer({ host: '127.0.0.1', port: 1 })).rejects.toMatchObject({
      kind: 'target-unavailable',
      message: expect.stringContaining('the adb program that would start one is not installed'),
      hint: expect.stringContaining('Install adb'),
    })
  })
})

describe('openDevice', () => {
  it.each([
    ['unauthorized', 'Unlock the device'],
    ['offline', 'Unplug the device'],
  ])('explains a device that is %s', async (state, hint) => {
    const list = `R5CT usb:1-2 transport_id:3\n`.replace('usb', `${state} usb`)
    const answers = { 'host:version': '0029', 'host:devices-l': list }
    const strict = await listen(socket =>
      socket.on('data', data => socket.end(answerTo(String(data), answers))),
    )
    const opening = openDevice(await connectServer(strict), 'R5CT')
    await expect(opening).rejects.toMatchObject({
      kind: 'target-unavailable',
      message: `adb says of the device R5CT: ${state}`,
      hint: expect.stringContaining(hint),
    })
  })
})

it.each(['FAIL0014device unauthorized.', 'FAIL', ''])(
  'explains a device that is refused with %j',
  async reply => {
    const list = 'adb-R5CT (2)._adb-tls-connect._tcp device transport_id:3\n'
    const answers = { 'host:version': '0029', 'host:devices-l': list }
    const strict = await listen(socket =>
      socket.on('data', data => {
        const request = String(data)
        socket.end(request.slice(4) in answers ? answerTo(request, answers) : reply)
      }),
    )
    const opening = openDevice(await connectServer(strict), 'adb-R5CT (2)._adb-tls-connect._tcp')
    await expect(opening).rejects.toMatchObject({
      kind: 'target-unavailable',
      message: expect.stringContaining('does not open the device adb-R5CT (2)._adb-tls-connect._tcp'),
    })
  },
)

describe('watchDevices', () => {
  it('tells why there is no server, and ends when aborted', async () => {
    vi.stubEnv('PATH', '/nonexistent')
    const abort = new AbortController()
    const { promise: told, resolve } = Promise.withResolvers<unknown>()
    const watcher = { onDevices: () => {}, onNoServer: resolve }
    const watching = watchDevices(() => connectServer({ host: '127.0.0.1', port: 1 }), watcher, abort.signal)
    expect(await told).toMatchObject({ kind: 'target-unavailable' })
    abort.abort()
    await watching
  })
})
