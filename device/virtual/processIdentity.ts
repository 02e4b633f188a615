import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/** A process id with its start time (clock ticks since boot), so that a reused id is never taken for it. */
export const processIdentitySchema = z.strictObject({
  pid: z.number().int().positive(),
  startTicks: z.string(),
})
export type ProcessIdentity = z.infer<typeof processIdentitySchema>

/** The identity of a live process; null once it has ended or is only waiting to be reaped. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  try {
    return parseProcessStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return null
  }
}

/** proc_pid_stat(5): field 3 is the state, field 22 the start time; field 2 may hold blanks and brackets. */
export function parseProcessStat(pid: number, stat: string): ProcessIdentity | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const state = fields[0]
  const startTicks = fields[22 - 3]
  if (startTicks === undefined || state === 'Z' || state === 'X') return null
  return { pid, startTicks }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startTicks === identity.startTicks
}

const POLL_MS = 20

/** Ends a process, by force after `graceMs`; returns once it is gone. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  signal(identity, 'SIGTERM')
  const deadline = Date.now() + graceMs
  while (isAlive(identity) && Date.now() < deadline) await sleep(POLL_MS)
  signal(identity, 'SIGKILL')
  while (isAlive(identity)) await sleep(POLL_MS)
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return
  try {
    process.kill(identity.pid, name)
  } catch (error) {
    // It may end between the check and the signal.
    if (isAlive(identity)) throw error
  }
}
