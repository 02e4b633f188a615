// Brought into every process and thread of a lab under soak: at SIGUSR2 each collects its garbage, and what is left is
// written down for who asked.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads'
import { z } from 'zod'
import { type Held, heldFolderVariable, heldSchema } from './held.ts'

/** A thread that is gone, or that works, is not waited for longer. */
const threadsAnswerWithinMs = 20_000
const lookEveryMs = 10

setFlagsFromString('--expose-gc')
const collect = z.function().parse(runInNewContext('gc'))

const newsSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('here'), thread: z.number() }),
  z.strictObject({ type: z.literal('collect') }),
  z.strictObject({ type: z.literal('held'), thread: z.number(), held: heldSchema }),
])
type News = z.infer<typeof newsSchema>

const channel = new BroadcastChannel('dmabuf-lab-soak')
channel.unref()
const post = (news: News) => channel.postMessage(news)
/** What each other thread has held last; `null` until it answers. */
const heldByThread = new Map<number, Held | null>()

channel.onmessage = ({ data }) => {
  const news = newsSchema.parse(data)
  if (news.type === 'collect') post({ type: 'held', thread: threadId, held: heldHere() })
  else if (isMainThread) heldByThread.set(news.thread, news.type === 'held' ? news.held : null)
}
if (isMainThread) {
  process.on('SIGUSR2', () => void tellHeld())
  writeFileSync(`${fileOfProcess()}.ready`, '')
} else post({ type: 'here', thread: threadId })

async function tellHeld(): Promise<void> {
  for (const thread of heldByThread.keys()) heldByThread.set(thread, null)
  post({ type: 'collect' })
  const untilMs = performance.now() + threadsAnswerWithinMs
  while ([...heldByThread.values()].includes(null) && performance.now() < untilMs) await sleep(lookEveryMs)
  const all = [...heldByThread.values(), heldHere()].filter(held => held !== null)
  const sum: Held = { heapBytes: all.reduce((bytes, held) => bytes + held.heapBytes, 0) }
  const file = fileOfProcess()
  writeFileSync(`${file}.partial`, JSON.stringify(sum))
  renameSync(`${file}.partial`, file)
}

function heldHere(): Held {
  // What the first one finalizes is free after the second.
  collect()
  collect()
  return { heapBytes: getHeapStatistics().used_heap_size }
}

function fileOfProcess(): string {
  return join(z.string().parse(process.env[heldFolderVariable]), `${process.pid}`)
}
