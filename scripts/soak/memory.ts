import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CDPSession } from '@playwright/test'
import { z } from 'zod'
import { descendantsOf, isAlive } from '../../main/cli/fixtures/spawnLab.ts'
import { heldSchema } from './held.ts'

/** MiB, after a collection of garbage everywhere. */
export type Memory = {
  /** The server, all of its threads: what JavaScript keeps, and what is kept beside V8 (SQLite, buffers, code). */
  readonly server: number
  readonly serverBeside: number
  /** The same of all processes below the server together: those that measure, watch targets, answer for the model. */
  readonly engines: number
  readonly enginesBeside: number
  readonly page: number
}

/** What the kernel says of the server at the same time; it holds what V8 keeps for later, too. */
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
    serverBeside: server.beside,
    engines: sum(({ heap }) => heap),
    enginesBeside: sum(({ beside }) => beside),
    page: usedSize / mib,
    serverPrivate: server.ownPages,
    enginesPrivate: sum(({ ownPages }) => ownPages),
  }
}

type ProcessMemory = { readonly heap: number; readonly beside: number; readonly ownPages: number }

/** Of a process that is no Node, or does not listen yet, all is beside V8; of one that has ended there is nothing. */
async function memoryOf(pid: number, heldFolder: string): Promise<ProcessMemory> {
  const file = join(heldFolder, `${pid}`)
  if (existsSync(`${file}.ready`) && isAlive(pid)) {
    process.kill(pid, 'SIGUSR2')
    while (!existsSync(file) && isAlive(pid)) await sleep(lookEveryMs)
  }
  const held = existsSync(file) ? heldSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
  rmSync(file, { force: true })
  const { anonymous, ownPages } = pagesOf(pid)
  const reserved = (held?.reservedBytes ?? 0) / mib
  return { heap: (held?.heapBytes ?? 0) / mib, beside: Math.max(0, anonymous - reserved), ownPages }
}

/** In MiB (proc_pid_smaps(5)); 0 for a process that has ended. */
function pagesOf(pid: number): { anonymous: number; ownPages: number } {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0)
    return {
      anonymous: kib('Anonymous') / 1024,
      ownPages: (kib('Private_Clean') + kib('Private_Dirty')) / 1024,
    }
  } catch {
    return { anonymous: 0, ownPages: 0 }
  }
}
