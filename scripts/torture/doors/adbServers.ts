import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { openDevice } from '../../../engine/adb/adbDevicePort.ts'
import { joinServer } from '../../../engine/adb/adbServer.ts'
import { type Door, unlessRefused } from './door.ts'

const serial = 'R5CT1'

/** What is answered to a request that holds these words, in the order of an answer's parts; `shell` to any other. */
const requests = ['version', 'devices-l', 'tport', 'wait-for', 'shell'] as const
type Request = (typeof requests)[number]

/** A text whose length stands before it in hexadecimal, as adb's SERVICES.TXT has it. */
const sized = (text: string) => `${text.length.toString(16).padStart(4, '0')}${text}`
const version = `OKAY${sized('0029')}`
const devices = `OKAY${sized(`${serial} device product:p model:m device:d transport_id:1\n`)}`
/** The number of the transport is of eight bytes, the least first. */
const transport = `OKAY\u0001${'\0'.repeat(7)}OKAY${sized('shell_v2,cmd,stat_v2')}`
/** Packets of the shell protocol: what it is, its length in four bytes, its bytes (adb's shell_protocol.h). */
const packet = (what: number, text: string) => `${String.fromCharCode(what, text.length, 0, 0, 0)}${text}`
const shell = `OKAYOKAY${packet(1, 'hello\n')}${packet(2, 'warned\n')}${packet(3, '\0')}`

/** What an adb server answers, from form feed to form feed: each part to one of {@link requests}. */
export const adbServers: Door = {
  name: 'adb-servers',
  seeds: [
    [version, devices, transport, 'OKAY', shell].join('\f'),
    [version, devices, transport, 'OKAYOKAY', 'OKAYFAIL0006closed'].join('\f'),
    [version, `OKAY${sized(`${serial} unauthorized transport_id:1\n`)}`].join('\f'),
    `FAIL${sized('unknown host service')}`,
  ],
  open: () => {
    const sockets = new Set<Socket>()
    let answers: readonly string[] = []
    const server = answeringServer(sockets, request => answers[requests.indexOf(request)] ?? '')
    const listening = once(server.listen(0, '127.0.0.1'), 'listening')
    return {
      feed: async text => {
        await listening
        answers = text.split('\f')
        try {
          await unlessRefused(() => useDevice(server))
        } finally {
          for (const socket of sockets) socket.destroy()
        }
      },
      close: async () => {
        server.close()
      },
    }
  },
}

/** Answers a connection at its first request and ends it, but for the one that waits for the device to go. */
function answeringServer(sockets: Set<Socket>, answer: (request: Request) => string): Server {
  return createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.once('data', data => {
      const said = data.toString('latin1')
      const request = requests.find(words => said.includes(words)) ?? 'shell'
      const bytes = Buffer.from(answer(request), 'latin1')
      if (request === 'wait-for') socket.write(bytes)
      else socket.end(bytes)
    })
  })
}

/** As the lab looks for a device and asks it something. */
async function useDevice(server: Server): Promise<void> {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const client = await joinServer({ host: '127.0.0.1', port: address.port })
  const device = await openDevice(client, serial)
  try {
    await device.run(['echo', 'hello'])
  } finally {
    await device.close()
  }
}
