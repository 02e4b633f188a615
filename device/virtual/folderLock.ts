import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail } from '../../contract/error.ts'

const POLL_MS = 100

/**
 * Runs `work` as the only one on this machine for that folder; others wait.
 * The lock is an abstract unix socket (unix(7)), which the kernel frees with its holder, however that ends.
 * @throws LabFailure `busy` after `timeoutMs`.
 */
export async function withFolderLock<T>(
  folder: string,
  timeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  let lock = await takeLock(folder)
  while (lock === null) {
    if (Date.now() > deadline) fail('busy', `${folder} is in use by another process`, 'Wait for it to end.')
    await sleep(POLL_MS)
    lock = await takeLock(folder)
  }
  try {
    return await work()
  } finally {
    lock.close()
  }
}

function takeLock(folder: string): Promise<Server | null> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ path: `\0dmabuf-lab:${folder}` }, () => resolve(server))
  })
}
