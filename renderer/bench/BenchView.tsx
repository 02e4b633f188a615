import './bench.css'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { RunSummary } from '../../contract/run.ts'
import type { Capabilities, Ceiling } from '../../contract/target.ts'
import { tellError } from '../base/notices.ts'
import { useStore } from '../base/store.ts'
import { lab } from '../lab/lab.ts'
import { runningRuns } from '../lab/labState.ts'
import { cancelRun, probe, useLab } from '../lab/labStore.ts'
import { PinnedSamples } from '../run/PinnedSamples.tsx'
import { showAlso, shownRuns, showRuns } from '../run/shownRuns.ts'
import { useDraft } from './draftStore.ts'
import { FirstMinute } from './FirstMinute.tsx'
import { LiveRun } from './LiveRun.tsx'
import { PlanPanel, PlanSummary } from './PlanPanel.tsx'
import { startRequest, takeStartRequest } from './startRequest.ts'
import { TargetChips } from './TargetChips.tsx'
import { targetProblemOf, usePlans } from './usePlans.ts'

export function BenchView() {
  const draft = useDraft()
  const probes = useLab(state => state.probes)
  const runs = useLab(state => state.runs)
  const targets = useLab(state => state.targets)
  const ceilings = useKnownCeilings()
  const state = usePlans(targets, probes, ceilings)
  const [starting, setStarting] = useState(false)
  const running = useMemo(() => runningRuns(runs), [runs])
  const directory = draft.directory.trim() || null

  useEffect(() => {
    for (const target of draft.targets) {
      const ready = targets?.some(listed => listed.id === target && listed.state === 'ready') ?? false
      const busy = runningRuns(runs).some(run => run.target === target)
      const probed = probes.get(target)
      const answered = probed !== undefined && (probed.state === 'probing' || probed.directory === directory)
      if (ready && !busy && !answered) void probe(target, directory)
    }
  }, [draft.targets, targets, runs, probes, directory])

  const start = async () => {
    if (starting) return
    if (state.wrong !== null) {
      tellError({
        kind: 'bad-plan',
        message: state.wrong.message,
        hint: 'Correct it in the plan and start again.',
      })
      return
    }
    setStarting(true)
    const outcomes = await Promise.all(state.plans.map(plan => lab.runs.start(plan)))
    setStarting(false)
    for (const outcome of outcomes) if (!outcome.ok) tellError(outcome.error)
    const started = outcomes.flatMap(outcome => (outcome.ok ? [outcome.value.runId] : []))
    if (started.length > 0) showRuns(started)
  }
  useStartRequest(start)

  const known = draft.targets.flatMap(target => {
    const known = probes.get(target)
    return known?.state === 'known' ? [known.capabilities] : []
  })
  const probeErrors = draft.targets.flatMap(target => {
    const failed = probes.get(target)
    return failed?.state === 'failed' ? [failed.error] : []
  })
  // A target that is away is never asked what it can do.
  const away = targetProblemOf(targets ?? [], draft.targets) !== null
  const probing = draft.targets.some(target => probes.get(target)?.state === 'probing')
  const busy = state.plans.some(plan => running.some(run => run.target === plan.target))
  return (
    <div className="page">
      <header className="bar">
        <h1>Bench</h1>
        <TargetChips />
        {probing && <span className="hint">Probing…</span>}
        <span className="spring" />
        <PlanSummary state={state} />
        {running.length > 0 && (
          <button type="button" onClick={() => running.forEach(run => void cancelRun(run.id))}>
            Cancel <kbd>Esc</kbd>
          </button>
        )}
        <button
          type="button"
          className="primary"
          disabled={starting || busy || state.wrong !== null}
          onClick={() => void start()}
        >
          Start <kbd>F5</kbd>
        </button>
      </header>
      <div className="columns">
        <PlanPanel state={state} known={known} probeErrors={probeErrors} />
        <Live running={running} known={known[0] ?? null} probeFailed={away || probeErrors.length > 0} />
      </div>
    </div>
  )
}

function useStartRequest(start: () => Promise<void>): void {
  const asked = useStore(startRequest, waits => waits)
  const answer = useEffectEvent(() => {
    if (takeStartRequest()) void start()
  })
  useEffect(() => {
    if (asked) answer()
  }, [asked])
}

/** Of each target: measured by itself, or before the last run that is at hand. */
function useKnownCeilings(): ReadonlyMap<string, Ceiling> {
  const measured = useLab(state => state.ceilings)
  const described = useLab(state => state.described)
  return useMemo(() => {
    const ofRuns = [...described.values()]
      .sort((a, b) => a.id - b.id)
      .flatMap(({ ceiling, plan }) => (ceiling === null ? [] : [[plan.target, ceiling] as const]))
    return new Map([...ofRuns, ...measured])
  }, [measured, described])
}

function Live(props: {
  readonly running: readonly RunSummary[]
  readonly known: Capabilities | null
  readonly probeFailed: boolean
}) {
  const shown = useStore(shownRuns, runs => runs)
  const runs = useLab(state => state.runs)
  useEffect(() => showAlso(props.running), [props.running])
  const chosen = shown.filter(runId => runs?.has(runId))
  // After a reload the last result is there again.
  const runIds = chosen.length > 0 ? chosen : lastOf(runs)
  if (runs === null) return <section className="live" aria-label="Live" />
  if (runIds.length === 0) return <FirstMinute known={props.known} probeFailed={props.probeFailed} />
  return (
    <section className="live" aria-label="Live">
      {runIds.map(runId => (
        <LiveRun key={runId} runId={runId} titled={runIds.length > 1} />
      ))}
      <PinnedSamples />
    </section>
  )
}

function lastOf(runs: ReadonlyMap<number, RunSummary> | null): number[] {
  const ids = [...(runs?.keys() ?? [])]
  return ids.length === 0 ? [] : [Math.max(...ids)]
}
