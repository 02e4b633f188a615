import { useEffect, useState } from 'react'
import type { Run, RunSummary } from '../../contract/run.ts'
import { valueOrTell } from '../base/notices.ts'
import { lab } from './lab.ts'

const noSamples = { from: 0, count: 0 }

/** A run without its samples, read again when its status changes; `null` until it was read. */
export function useRun({ id, status }: RunSummary): Run | null {
  const [run, setRun] = useState<Run | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new status is the news that the run changed
  useEffect(() => {
    let wanted = true
    void valueOrTell(lab.getRun({ runId: id, samples: noSamples })).then(detail => {
      if (wanted && detail !== null) setRun(detail.run)
    })
    return () => {
      wanted = false
    }
  }, [id, status])
  return run?.id === id ? run : null
}
