import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { threadEnd } from '../../../contract/threadEnd.ts'

/** A job looks up far more often; this is for one that hangs. */
const patienceMs = 10_000

/**
 * Asks a thread to end, and waits for it. One that is terminated while it loads SQLite aborts the whole process: an
 * error that node-addon-api cannot make in an environment that ends is fatal to it (`Error::New` in its napi-inl.h).
 */
export async function endThread(worker: Worker): Promise<void> {
  // That of a thread that has ended.
  if (worker.threadId === -1) return
  const exited = new Promise<void>(resolve => worker.once('exit', () => resolve()))
  worker.ref()
  worker.postMessage(threadEnd)
  await Promise.race([exited, sleep(patienceMs, undefined, { ref: false })])
  await worker.terminate()
}
