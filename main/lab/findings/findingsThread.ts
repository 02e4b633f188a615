import { Worker } from 'node:worker_threads'
import { LabFailure, reasonOf, toLabError } from '../../../contract/error.ts'
import { endThread } from '../threads/endThread.ts'
import {
  allJobs,
  type JobInput,
  type JobName,
  type JobOutput,
  jobSchemas,
  newsSchema,
  type ThreadData,
} from './jobs.ts'

type Waiting = {
  readonly answer: PromiseWithResolvers<unknown>
  readonly tellProgress: (done: number, total: number) => void
}

type Asking = {
  readonly tellProgress?: (done: number, total: number) => void
  /** Nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** The thread that works out findings, started when first asked. It does one job after the other. */
export class FindingsThread {
  readonly #workerFile: string
  readonly #databaseFile: string
  readonly #unwanted = new SharedArrayBuffer(4)
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #lastId = 0

  constructor(workerFile: string, databaseFile: string) {
    this.#workerFile = workerFile
    this.#databaseFile = databaseFile
  }

  /** @throws LabFailure `cancelled` once the signal is aborted, `internal` where the thread dies, or what the job met. */
  async ask<J extends JobName>(
    name: J,
    input: JobInput<J>,
    { tellProgress = () => {}, signal }: Asking = {},
  ): Promise<JobOutput<J>> {
    signal?.throwIfAborted()
    const id = ++this.#lastId
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, { answer, tellProgress })
    const drop = () => Atomics.store(new Int32Array(this.#unwanted), 0, id)
    signal?.addEventListener('abort', drop)
    try {
      this.#worker ??= this.#start()
      this.#worker.postMessage({ id, name, input })
      return jobSchemas[name].output.parse(await answer.promise)
    } finally {
      this.#waiting.delete(id)
      signal?.removeEventListener('abort', drop)
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    this.#failAll(new LabFailure({ kind: 'cancelled', message: 'the lab was closed', hint: '' }))
    Atomics.store(new Int32Array(this.#unwanted), 0, allJobs)
    if (worker !== null) await endThread(worker)
  }

  #start(): Worker {
    const workerData: ThreadData = { databaseFile: this.#databaseFile, unwanted: this.#unwanted }
    const worker = new Worker(this.#workerFile, { workerData, execArgv: [] })
    // What is asked of it keeps a shell alive by itself.
    worker.unref()
    worker.on('message', (message: unknown) => this.#hear(message))
    worker.on('error', error => this.#lose(worker, reasonOf(error)))
    worker.on('exit', code => this.#lose(worker, `it ended with code ${code}`))
    return worker
  }

  #hear(message: unknown): void {
    const news = newsSchema.parse(message)
    const waiting = this.#waiting.get(news.id)
    if (news.type === 'progress') waiting?.tellProgress(news.done, news.total)
    else if (news.type === 'done') waiting?.answer.resolve(news.output)
    else waiting?.answer.reject(new LabFailure(news.error))
  }

  #lose(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return
    this.#worker = null
    this.#failAll(
      new LabFailure(toLabError(new Error(`the thread that works out findings ended: ${reason}`))),
    )
  }

  #failAll(failure: LabFailure): void {
    for (const { answer } of this.#waiting.values()) answer.reject(failure)
  }
}
