import { useEffect } from 'react'
import type { Run } from '../../contract/run.ts'
import { describeRun, useLab, watchRun } from './labStore.ts'

/** A run without its samples, kept up with while it goes; `null` until it was read. */
export function useRun(runId: number): Run | null {
  const run = useLab(state => state.described.get(runId)) ?? null
  const unread = run === null
  useEffect(() => watchRun(runId), [runId])
  useEffect(() => {
    if (unread) void describeRun(runId)
  }, [unread, runId])
  return run
}
