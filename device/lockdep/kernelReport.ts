/** What lockdep wrote to the kernel's log: the kind of its report, and its classes as a circle from the one that is held. */
export type KernelReport = {
  readonly kind: 'circular' | 'recursive' | 'other'
  readonly classes: readonly string[]
  /** Its first line. */
  readonly said: string
}

// A lock as print_lock_name() writes it; a second class of the same name has a number.
const lockName = / \(([^(){}]+?)(?:#\d+)?\)\{/
const firstLine = /WARNING: .*|BUG: .*|DEBUG_LOCKS_WARN_ON.*/

/**
 * The report in a piece of the kernel's log, in the forms of print_circular_bug() and print_deadlock_bug()
 * (kernel/locking/lockdep.c).
 */
export function kernelReport(log: string): KernelReport {
  const said = firstLine.exec(log)?.[0] ?? 'nothing in the log'
  const lines = log.split(/\r?\n/)
  if (said.includes('possible recursive locking')) {
    const name = nameAfter(lines, 'is trying to acquire lock:')
    return { kind: 'recursive', classes: name === null ? [] : [name, name], said }
  }
  if (!said.includes('possible circular locking')) return { kind: 'other', classes: [], said }
  // The chain is written from the held lock (the largest number) down to the one that is taken (-> #0).
  const chain = lines.flatMap(line => (/-> #\d+ \(/.test(line) ? (lockName.exec(line)?.[1] ?? []) : []))
  const held = chain[0]
  return { kind: 'circular', classes: held === undefined ? [] : [held, ...chain.toReversed()], said }
}

function nameAfter(lines: readonly string[], heading: string): string | null {
  const at = lines.findIndex(line => line.endsWith(heading))
  return at < 0 ? null : (lockName.exec(lines[at + 1] ?? '')?.[1] ?? null)
}
