import { readFileSync } from 'node:fs'

/**
 * The process that runs a run. A pid alone is reused, so the start time goes with it (field 22 of
 * /proc/<pid>/stat, in clock ticks since boot), and the boot that counts them. `null` where there is no /proc.
 */
export type Owner = {
  readonly pid: number
  readonly startTicks: number | null
  readonly bootId: string | null
}

export function thisOwner(): Owner {
  return {
    pid: process.pid,
    startTicks: statOf(process.pid)?.startTicks ?? null,
    bootId: bootId(),
  }
}

/** Whether that very process still runs, in any shell of this machine. A zombie does not. */
export function isAlive(owner: Owner): boolean {
  if (owner.bootId !== null && owner.bootId !== bootId()) return false
  if (!takesSignals(owner.pid)) return false
  const stat = statOf(owner.pid)
  if (stat === null) return true
  if (stat.state === 'Z' || stat.state === 'X') return false
  return owner.startTicks === null || owner.startTicks === stat.startTicks
}

function takesSignals(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    // EPERM: it is there, and another user's.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

/** proc_pid_stat(5): the name in parentheses may hold anything, so fields are counted after the last one. */
function statOf(pid: number): { state: string; startTicks: number } | null {
  const text = readIfThere(`/proc/${pid}/stat`)
  if (text === null) return null
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', startTicks: Number(fields[19]) }
}

function bootId(): string | null {
  return readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? null
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
