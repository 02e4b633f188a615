import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort, isFree } from './freePort.ts'

test('a port that is taken is not given', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  expect(await isFree(address.port)).toBe(false)
  const given = await freePort(address.port)
  expect(given).not.toBe(address.port)
  expect(given < 5554 || given > 5585).toBe(true)
  server.close()
  await once(server, 'close')
  expect(await freePort(address.port)).toBe(address.port)
})
