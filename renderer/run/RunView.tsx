import './run.css'
import { useCallback } from 'react'
import { firstRepeats } from '../../contract/plan.ts'
import type { RunSummary } from '../../contract/run.ts'
import type { StoredSample } from '../../contract/sample.ts'
import { hashOf } from '../base/route.ts'
import { goWithin } from '../base/useRoute.ts'
import type { OpenSample } from '../charts/openSample.ts'
import { SizeChart } from '../charts/SizeChart.tsx'
import { useLab } from '../lab/labStore.ts'
import { useRunDetail } from '../lab/useRunDetail.ts'
import { AnswerLine } from './AnswerLine.tsx'
import { EnvironmentTable } from './EnvironmentTable.tsx'
import { FormulaTable } from './FormulaTable.tsx'
import { LoadCostTable } from './LoadCostTable.tsx'
import { PictureAndWhy } from './PictureAndWhy.tsx'
import { PinnedSamples } from './PinnedSamples.tsx'
import { PlanTable } from './PlanTable.tsx'
import { useAddressedPicture } from './pictureView.ts'
import { pinSample, useAddressedPins } from './pins.ts'
import { RunHeader } from './RunHeader.tsx'
import { RunProgress } from './RunProgress.tsx'
import { SamplesTable } from './SamplesTable.tsx'
import { SampleTimeline } from './SampleTimeline.tsx'
import { TuningTable } from './TuningTable.tsx'

type Props = { readonly runId: number; readonly sampleId: number | null }

/** One run, in the order of the bench: answer, sizes, timeline, samples, environment. */
export function RunView({ runId, sampleId }: Props) {
  const summary = useLab(state => state.runs?.get(runId))
  const isMissing = useLab(state => state.missing.has(runId))
  const { run, samples, cells } = useRunDetail(runId)
  const view = useAddressedPicture()
  useAddressedPins()
  const openSample = useCallback(
    (sample: StoredSample, pin: boolean) =>
      pin ? pinSample(runId, sample) : goWithin('runs', runId, 'sample', sample.id),
    [runId],
  )
  const onOpen: OpenSample = openSample
  if (isMissing) return <MissingRun runId={runId} />
  if (summary?.damaged) return <DamagedRun summary={summary} />
  if (summary === undefined || run === null) return <p className="empty">Reading run {runId}…</p>
  const ceiling = run.ceiling?.bytesPerSecond ?? null
  const shared = {
    subject: `run ${runId}`,
    cells,
    sizes: summary.sizesBytes,
    ceilingBytesPerSecond: ceiling,
    simulated: summary.simulated,
  }
  return (
    <div className="page">
      <RunHeader summary={summary} repeats={firstRepeats(run.plan)} scheme={view.scheme} />
      <div className="scroll stack">
        <AnswerLine
          run={run}
          samples={samples}
          cells={cells}
          simulated={summary.simulated}
          ended={summary.status !== 'running'}
        />
        <div className="run-line">
          <RunProgress run={summary} />
        </div>
        {run.plan.tuning !== null && <TuningTable plan={run.plan} cells={cells} />}
        {cells.length > 0 && run.plan.tuning === null && (
          <>
            <PictureAndWhy
              {...shared}
              samples={samples}
              axis="run"
              hugePages={run.plan.hugePages}
              ended={summary.status !== 'running'}
              schemes={summary.schemes}
              view={view}
            />
            <SizeChart {...shared} onOpen={onOpen} />
            <FormulaTable cells={cells} />
            {!summary.simulated && <LoadCostTable cells={cells} />}
          </>
        )}
        <SampleTimeline
          {...{ runId, samples, sampleId }}
          environment={run.capabilities?.environment ?? null}
        />
        <PinnedSamples />
        <SamplesTable samples={samples} chosenId={sampleId} onOpen={openSample} />
        <EnvironmentTable run={run} />
        <PlanTable run={run} />
      </div>
    </div>
  )
}

function DamagedRun({ summary }: { summary: RunSummary }) {
  return (
    <div className="page">
      <RunHeader summary={summary} repeats={0} scheme={null} />
      <section className="empty">
        <h2>Damaged in the database</h2>
        <p>
          {summary.reason} To keep what can be read of it, end the lab and run <code>recover</code> on the
          database.
        </p>
      </section>
    </div>
  )
}

function MissingRun({ runId }: { runId: number }) {
  return (
    <section className="empty">
      <h1>There is no run {runId}</h1>
      <p>It may have been deleted.</p>
      <a className="button" href={hashOf('runs')}>
        All runs
      </a>
    </section>
  )
}
