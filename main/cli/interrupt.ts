import { exitCodes } from './exitCode.ts'

/** npm and the terminal may both deliver one Ctrl-C; what comes this soon after the first is not a second one. */
const sameKeyPressMs = 300

/**
 * Runs `work`; the first Ctrl-C, SIGTERM or closed terminal calls `onInterrupt`, a second one ends the process at
 * once. Engine processes go with it, and the store marks the run when it is opened next.
 */
export async function interruptible<T>(onInterrupt: () => void, work: () => Promise<T>): Promise<T> {
  let firstAt: number | null = null
  const listener = () => {
    if (firstAt === null) {
      firstAt = performance.now()
      onInterrupt()
    } else if (performance.now() - firstAt > sameKeyPressMs) {
      process.exit(exitCodes.interrupted)
    }
  }
  for (const signal of signals) process.on(signal, listener)
  try {
    return await work()
  } finally {
    for (const signal of signals) process.off(signal, listener)
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
