import { mkdtempSync, rmSync } from 'node:fs'
import { request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { callName } from '../../contract/calls.ts'
import { socketPath } from '../../contract/frame.ts'
import { type Hosted, startHosted } from '../../main/hosted/startHosted.ts'
import { openScriptedLab } from '../../main/lab/fixtures/scriptedLab.ts'
import { type DevServer, startDevServer } from './devServer.ts'

// Stands for the built page, which is not asked for.
const rendererDirectory = join(import.meta.dirname, '..', '..', 'renderer')

let folder: string
let closeLab: () => Promise<void>
let shell: Hosted
let dev: DevServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-dev-'))
  const { lab, close } = openScriptedLab(folder, 'measure')
  closeLab = close
  shell = await startHosted({ lab, port: 0, rendererDirectory, preloadFile: '' })
  dev = await startDevServer(0, async () => shell)
})
afterAll(async () => {
  await dev.close()
  await shell.close()
  await closeLab()
  rmSync(folder, { recursive: true })
})

async function get(path: string, headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
  const { port } = new URL(dev.url)
  send({ host: '127.0.0.1', port, path, headers }, async response =>
    resolve({ status: response.statusCode ?? 0, body: await text(response) }),
  )
    .on('error', reject)
    .end()
  return promise
}

const authorization = () => `Bearer ${new URL(dev.url).searchParams.get('token')}`

function openSocket(headers: Record<string, string>): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>()
  const socket = new WebSocket(dev.url.replace(/^http(.*)\/\?.*/, `ws$1${socketPath}`), { headers })
  socket.once('open', () => resolve(socket)).once('error', reject)
  return promise
}

test('sources, which hold nothing of the lab, are served at its own address alone', async () => {
  expect((await get('/main.tsx', { host: 'evil.example' })).status).toBe(403)
  expect((await get('/?token=wrong')).status).toBe(401)
  const page = await get('/')
  expect(page).toMatchObject({ status: 200, body: expect.stringContaining('preload/hosted.ts') })
  expect((await get('/main.tsx')).body).toContain('createRoot')
})

test("the page's socket reaches the shell, with the token only", async () => {
  await expect(openSocket({})).rejects.toThrow('401')
  await expect(openSocket({ authorization: authorization(), origin: 'http://evil.example' })).rejects.toThrow(
    '403',
  )
  const socket = await openSocket({ authorization: authorization() })
  const { promise, resolve } = Promise.withResolvers<string>()
  socket.once('message', data => resolve(String(data)))
  socket.send(JSON.stringify({ id: 1, call: callName('runs', 'list'), input: {} }))
  expect(JSON.parse(await promise)).toMatchObject({ id: 1, outcome: { ok: true } })
  // An open page does not keep the server from ending.
})
