// Looks at a database on a thread of its own, one slice for each message. Its data is the path of the database.
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { threadEnd } from '../contract/threadEnd.ts'
import { StoreCheck } from './storeCheck.ts'

const check = new StoreCheck(z.string().parse(workerData))
parentPort?.on('message', message => {
  if (message === threadEnd) {
    check.close()
    parentPort?.close()
    return
  }
  const isMore = check.slice()
  parentPort?.postMessage(isMore ? null : check.result)
})
