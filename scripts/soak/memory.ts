import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CDPSession } from '@playwright/test'
import { z } from 'zod'
import { descendantsOf, isAlive } from '../../main/cli/fixtures/spawnLab.ts'
import { heldSchema } from './held.ts'

/** MiB, after a collection of garbage everywhere. */
export type Memory = {
  /** The server: what JavaScript keeps in all of its threads, and what malloc keeps for its first one (SQLite, buffers). */
  readonly server: number
  readonly serverMalloc: number
  /** The same of all processes below the server together: those that measure, watch targets, answer for the model. */
  readonly engines: number
  readonly enginesMalloc: number
  readonly page: number
}

/** All pages of their own. V8 keeps some for work to come, and grows with that rather than with what is kept. */
export type Resident = { readonly serverPrivate: number; readonly enginesPrivate: number }

const mib = 1024 * 1024
const lookEveryMs = 20
const heapSchema = z.looseObject({ usedSize: z.number() })

export type Soaked = { readonly serverPid: number; readonly heldFolder: string; readonly page: CDPSession }

export async function readMemory({ serverPid, heldFolder, page }: Soaked): Promise<Memory & Resident> {
  await page.send('HeapProfiler.collectGarbage')
  const { usedSize } = heapSchema.parse(await page.send('Runtime.getHeapUsage'))
  const server = await memoryOf(serverPid, heldFolder)
  const below = await Promise.all(descendantsOf(serverPid).map(pid => memoryOf(pid, heldFolder)))
  const sum = (of: (memory: ProcessMemory) => number) => below.reduce((all, each) => all + of(each), 0)
  return {
    server: server.heap,
    serverMalloc: server.malloc,
    engines: sum(({ heap }) => heap),
    enginesMalloc: sum(({ malloc }) => malloc),
    page: usedSize / mib,
    serverPrivate: server.ownPages,
    enginesPrivate: sum(({ ownPages }) => ownPages),
  }
}

type ProcessMemory = { readonly heap: number; readonly malloc: number; readonly ownPages: number }

/** A process that is no Node, or does not listen yet, has no heap of JavaScript. */
async function memoryOf(pid: number, heldFolder: string): Promise<ProcessMemory> {
  const file = join(heldFolder, `${pid}`)
  if (existsSync(`${file}.ready`) && isAlive(pid)) {
    process.kill(pid, 'SIGUSR2')
    while (!existsSync(file) && isAlive(pid)) await sleep(lookEveryMs)
  }
  const held = existsSync(file) ? heldSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
  rmSync(file, { force: true })
  return { heap: (held?.heapBytes ?? 0) / mib, ...pagesOf(pid) }
}

/** In MiB (proc_pid_smaps(5)); 0 for a process that has ended. */
function pagesOf(pid: number): { malloc: number; ownPages: number } {
  try {
    const all = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    // The mapping that brk(2) moves, which malloc takes from first.
    const [, grown = ''] = readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/\[heap\]\n/)
    return {
      malloc: kibOf(grown, 'Anonymous') / 1024,
      ownPages: (kibOf(all, 'Private_Clean') + kibOf(all, 'Private_Dirty')) / 1024,
    }
  } catch {
    return { malloc: 0, ownPages: 0 }
  }
}

function kibOf(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0)
}
