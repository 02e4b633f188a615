import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { fail } from '../../contract/error.ts'

export const loopback = '127.0.0.1'

/** 256 bits that nobody guesses, as text that an address may carry. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Listens for this machine alone; port 0 is any free one. @throws LabFailure `busy`, `forbidden`. */
export function listenOnLoopback(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.once('error', reject)
  server.listen(port, loopback, () => {
    const address = server.address()
    if (address === null || typeof address === 'string') reject(new Error('the server has no port'))
    else resolve(address.port)
  })
  return promise.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') fail('busy', `port ${port} is taken`, 'Give another --port, or none.')
    if (error.code === 'EACCES')
      fail('forbidden', `port ${port} needs privileges`, 'Give a --port above 1023.')
    throw error
  })
}
