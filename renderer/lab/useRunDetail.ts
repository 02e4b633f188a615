import { useDeferredValue, useEffect, useMemo, useRef } from 'react'
import type { Run } from '../../contract/run.ts'
import type { StoredSample } from '../../contract/sample.ts'
import { type Cell, cellsOf } from '../../findings/cells.ts'
import { labStore, lookUpRuns, readRun, useLab, watchRun } from './labStore.ts'

const none: readonly StoredSample[] = []

/** A run with its samples, read once and kept up with while it goes. `run` is `null` until it was read. */
export function useRunDetail(runId: number): {
  readonly run: Run | null
  readonly samples: readonly StoredSample[]
  readonly cells: readonly Cell[]
} {
  const run = useLab(state => state.described.get(runId)) ?? null
  const stored = useLab(state => state.samples.get(runId))
  // A run that is not in the history is not asked for: the view says that it is not there.
  const listed = useLab(state => state.runs?.has(runId) ?? false)
  const isReady = useLab(state => state.runs !== null)
  useEffect(() => watchRun(runId), [runId])
  useEffect(() => {
    if (isReady && !listed) void lookUpRuns([runId])
  }, [isReady, listed, runId])
  useEffect(() => {
    if (listed && !labStore.get().samples.has(runId)) void readRun(runId)
  }, [listed, runId])
  // Statistics and charts may lag behind a quick stream of samples; the page does not.
  const samples = useDeferredValue(stored ?? none)
  const previous = useRef<readonly Cell[]>([])
  const cells = useMemo(() => cellsOf(samples, previous.current), [samples])
  useEffect(() => {
    previous.current = cells
  }, [cells])
  return { run: stored === undefined ? null : run, samples, cells }
}
