/**
 * How the kernel begins to complain: WARN and BUG (lib/bug.c, kernel/panic.c), KASAN (mm/kasan/report.c), lockdep
 * (kernel/locking/lockdep.c), __might_sleep (kernel/sched/core.c), RCU lockdep (kernel/rcu/), hung tasks
 * (kernel/hung_task.c), kmemleak (mm/kmemleak.c), the DMA API's checks (kernel/dma/debug.c).
 */
const COMPLAINTS = [
  /WARNING:/,
  /BUG[ :]/,
  /\bOops\b/,
  /Call Trace/,
  /KASAN:/,
  /possible (circular|recursive|irq lock inversion|invalid|unsafe)/i,
  /inconsistent lock state/,
  /bad unlock balance|held lock freed|still has locks held/i,
  /sleeping function called/,
  /suspicious RCU usage/,
  /blocked for more than/,
  /unreferenced object|new suspected memory leaks/,
  /DMA-API: .*(device driver|leak|overlap|sync)/i,
]

/** Lines of a kernel log that complain of something. */
export function complaintsIn(log: string): string[] {
  return log.split(/\r?\n/).filter(line => COMPLAINTS.some(complaint => complaint.test(line)))
}
