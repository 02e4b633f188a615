import type { RunEnding } from '../lab/activeRun.ts'
import type { LabApplication } from '../lab/lab.ts'
import { callLab } from '../lab/serveCall.ts'
import { interruptible } from './interrupt.ts'

/** Waits for the end of a run that has just begun; Ctrl-C cancels it and calls `onCancel`. */
export async function endingOf(
  lab: LabApplication,
  runId: number,
  onCancel: () => void = () => {},
): Promise<RunEnding> {
  const { promise, resolve } = Promise.withResolvers<RunEnding>()
  const unsubscribe = lab.on('runEnded', ending => {
    if (ending.summary.id === runId) resolve(ending)
  })
  const cancel = () => {
    onCancel()
    callLab(lab.handlers, 'runs', 'cancel', { runId }).catch(() => {
      // It ended by itself meanwhile.
    })
  }
  try {
    return await interruptible(cancel, () => promise)
  } finally {
    unsubscribe()
  }
}
