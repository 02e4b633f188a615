import { parentPort, workerData } from 'node:worker_threads'
import { LabFailure, toLabError } from '../../../contract/error.ts'
import { threadEnd } from '../../../contract/threadEnd.ts'
import { openRunReader, type RunReader } from '../../../db/readRuns.ts'
import { baselineChange } from '../../../findings/baselineChange.ts'
import { compareSides, type TellProgress } from '../../../findings/compareSides.ts'
import { runDigest } from '../../../findings/runDigest.ts'
import { allJobs, type Job, jobSchema, type News, threadDataSchema } from './jobs.ts'

/** A thread of the lab's process that works out what the numbers of whole runs mean, so that the process does not wait. */
const { databaseFile, unwanted } = threadDataSchema.parse(workerData)
const unwantedJob = new Int32Array(unwanted)

const post = (news: News) => parentPort?.postMessage(news)

parentPort?.on('message', (message: unknown) => {
  if (message === threadEnd) return parentPort?.close()
  const job = jobSchema.parse(message)
  try {
    refuseUnwanted(job.id)
    post({ type: 'done', id: job.id, output: outputOf(job) })
  } catch (thrown) {
    post({ type: 'failed', id: job.id, error: toLabError(thrown) })
  }
})

function outputOf(job: Job): unknown {
  switch (job.name) {
    case 'digest': {
      const { changedAt, detail } = reading(reader => reader.get(job.input.runId))
      return { changedAt, digest: runDigest(detail) }
    }
    case 'change':
      return baselineChange(job.input.run, job.input.baseline)
    case 'compare':
      return compare(job)
  }
}

function compare({ id, input: { sides } }: Extract<Job, { name: 'compare' }>): unknown {
  const details = reading(
    reader =>
      new Map([...new Set(sides.map(side => side.runId))].map(runId => [runId, reader.get(runId).detail])),
  )
  const compared = sides.flatMap(({ runId, ...side }) => {
    const detail = details.get(runId)
    return detail === undefined ? [] : [{ ...side, detail }]
  })
  return compareSides(compared, tellingOf(id))
}

const leastPauseMs = 50

/** Says how far a job is, now and then, and ends one that nobody waits for. */
function tellingOf(id: number): TellProgress {
  let toldMs = performance.now()
  return (done, total) => {
    refuseUnwanted(id)
    const nowMs = performance.now()
    if (nowMs - toldMs < leastPauseMs) return
    toldMs = nowMs
    post({ type: 'progress', id, done, total })
  }
}

function refuseUnwanted(id: number): void {
  const unwantedId = Atomics.load(unwantedJob, 0)
  if (unwantedId !== id && unwantedId !== allJobs) return
  throw new LabFailure({ kind: 'cancelled', message: 'nobody waits for this any more', hint: '' })
}

/** A connection for one job: the database may be another file by the next. */
function reading<T>(read: (reader: RunReader) => T): T {
  const reader = openRunReader(databaseFile)
  try {
    return read(reader)
  } finally {
    reader.close()
  }
}
