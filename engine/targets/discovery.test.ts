import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { TargetSummary } from '../../contract/target.ts'
import { watchTargets } from './discovery.ts'

/** The port of a server that takes connections and says nothing. */
async function silentServer(): Promise<number> {
  const server = createServer(socket => socket.on('error', () => {}))
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

test('an adb server that is silent has a row, and holds up no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-discovery-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const options = {
    agentDirectory: folder,
    dataDirectory: folder,
    adbServer: { host: '127.0.0.1', port: await silentServer() },
  }
  const stop = new AbortController()
  const { promise: told, resolve } = Promise.withResolvers<TargetSummary[]>()
  const watching = watchTargets(options, resolve, stop.signal)
  const rows = await told
  stop.abort()
  await watching
  expect(rows).toContainEqual(
    expect.objectContaining({ id: 'adb:none', detail: expect.stringContaining('has not answered yet') }),
  )
  expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['local', 'sim']))
})
