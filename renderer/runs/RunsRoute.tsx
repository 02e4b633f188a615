import { idOf } from '../base/route.ts'
import type { ViewProps } from '../base/viewProps.ts'
import { RunView } from '../run/RunView.tsx'
import { RunsView } from './RunsView.tsx'

/** `#/runs` is the history, `#/runs/12` a run, `#/runs/12/sample/345` that run with one sample's timeline. */
export function RunsRoute({ args }: ViewProps) {
  const runId = idOf(args[0])
  if (runId === null) return <RunsView />
  const sampleId = args[1] === 'sample' ? idOf(args[2]) : null
  return <RunView key={runId} runId={runId} sampleId={sampleId} />
}
