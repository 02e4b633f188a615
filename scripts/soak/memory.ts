import { readFileSync } from 'node:fs'
import type { CDPSession } from '@playwright/test'
import { z } from 'zod'
import { descendantsOf } from '../../main/cli/fixtures/spawnLab.ts'

/** MiB of memory that is each one's own. */
export type Memory = {
  readonly server: number
  /** All processes below the server together: those that measure, watch targets, answer for the model. */
  readonly engines: number
  /** The page's heap after a collection. */
  readonly page: number
}

const mib = 1024 * 1024
const heapSchema = z.looseObject({ usedSize: z.number() })

export async function readMemory(serverPid: number, page: CDPSession): Promise<Memory> {
  await page.send('HeapProfiler.collectGarbage')
  const { usedSize } = heapSchema.parse(await page.send('Runtime.getHeapUsage'))
  const engines = descendantsOf(serverPid).reduce((sum, pid) => sum + ownMemoryOf(pid), 0)
  return { server: ownMemoryOf(serverPid), engines, page: usedSize / mib }
}

/** Anonymous pages that are resident (proc_pid_status(5), RssAnon); 0 for a process that has ended. */
function ownMemoryOf(pid: number): number {
  try {
    const kib = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kib ?? 0) / 1024
  } catch {
    return 0
  }
}
