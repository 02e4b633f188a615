import './bench.css'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { RunSummary } from '../../contract/run.ts'
import { tellError } from '../base/notices.ts'
import { useStore } from '../base/store.ts'
import { lab } from '../lab/lab.ts'
import { runningRuns } from '../lab/labState.ts'
import { cancelRun, probe, useLab } from '../lab/labStore.ts'
import { PinnedSamples } from '../run/PinnedSamples.tsx'
import { showAlso, shownRuns, showRuns } from '../run/shownRuns.ts'
import { useDraft } from './draftStore.ts'
import { LiveRun } from './LiveRun.tsx'
import { PlanPanel, PlanSummary } from './PlanPanel.tsx'
import { startRequests } from './startRequest.ts'
import { TargetChips } from './TargetChips.tsx'
import { usePlans } from './usePlans.ts'

export function BenchView() {
  const draft = useDraft()
  const probes = useLab(state => state.probes)
  const runs = useLab(state => state.runs)
  const targets = useLab(state => state.targets)
  const state = usePlans(probes)
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
  useStartRequests(start)

  const known = draft.targets.flatMap(target => {
    const known = probes.get(target)
    return known?.state === 'known' ? [known.capabilities] : []
  })
  const probeErrors = draft.targets.flatMap(target => {
    const failed = probes.get(target)
    return failed?.state === 'failed' ? [failed.error] : []
  })
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
        <Live running={running} onStart={() => void start()} canStart={state.wrong === null} />
      </div>
    </div>
  )
}

function useStartRequests(start: () => Promise<void>): void {
  const requests = useStore(startRequests, count => count)
  const [answered, setAnswered] = useState(requests)
  const answer = useEffectEvent(() => {
    if (requests === answered) return
    setAnswered(requests)
    void start()
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new request is answered once
  useEffect(() => answer(), [requests])
}

function Live(props: {
  readonly running: readonly RunSummary[]
  readonly onStart: () => void
  readonly canStart: boolean
}) {
  const shown = useStore(shownRuns, runs => runs)
  const runs = useLab(state => state.runs)
  useEffect(() => showAlso(props.running), [props.running])
  const runIds = shown.filter(runId => runs?.has(runId))
  if (runIds.length === 0) {
    return (
      <section className="live empty">
        <h2>Which way of loading is fastest here?</h2>
        <p>
          Choose schemes and sizes on the left. Each is timed cold, in shuffled rounds, and every sample is
          kept.
        </p>
        <button type="button" className="primary" disabled={!props.canStart} onClick={props.onStart}>
          Start
        </button>
      </section>
    )
  }
  return (
    <section className="live" aria-label="Live">
      {runIds.map(runId => (
        <LiveRun key={runId} runId={runId} titled={runIds.length > 1} />
      ))}
      <PinnedSamples />
    </section>
  )
}
