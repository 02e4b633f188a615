import { useCallback, useDeferredValue } from 'react'
import type { Span } from '../../contract/sample.ts'
import { sampleTitle } from '../../findings/words/sampleTitle.ts'
import { hashOf } from '../base/route.ts'
import { goTo } from '../base/useRoute.ts'
import type { OpenSample } from '../charts/openSample.ts'
import { SizeChart } from '../charts/SizeChart.tsx'
import { TimelineChart } from '../charts/TimelineChart.tsx'
import { useLab } from '../lab/labStore.ts'
import { useRunDetail } from '../lab/useRunDetail.ts'
import { AnswerLine } from '../run/AnswerLine.tsx'
import { PictureAndWhy } from '../run/PictureAndWhy.tsx'
import { useLocalPicture } from '../run/pictureView.ts'
import { pinSample } from '../run/pins.ts'
import { RunProgress } from '../run/RunProgress.tsx'
import { extendRun } from '../run/runActions.ts'
import { TuningTable } from '../run/TuningTable.tsx'
import { SimBadge } from '../style/SimBadge.tsx'

const none: readonly Span[] = []
const moreRepeats = 10

function moreText(schemes: number): string {
  return `Measure ${moreRepeats} more of ${schemes === 1 ? 'it' : schemes === 2 ? 'these two' : `these ${schemes}`}`
}

/** One run as it goes: the answer, sizes, overlap, the latest sample, progress. */
export function LiveRun({ runId, titled }: { runId: number; titled: boolean }) {
  const summary = useLab(state => state.runs?.get(runId))
  const latest = useDeferredValue(useLab(state => state.latest.get(runId)))
  const { run, samples, cells } = useRunDetail(runId)
  const view = useLocalPicture()
  const onOpen = useCallback<OpenSample>(
    (sample, pin) => (pin ? pinSample(runId, sample) : goTo('runs', runId, 'sample', sample.id)),
    [runId],
  )
  if (summary === undefined) return null
  const { simulated } = summary
  const ceiling = run?.ceiling?.bytesPerSecond ?? null
  const subject = `run ${runId}`
  const tunes = (run?.plan.tuning ?? null) !== null
  return (
    <article className="live-run stack" aria-label={`Run ${runId} on ${summary.title}`}>
      {titled && (
        <h2 className="run-title">
          {summary.title} {simulated && <SimBadge />}
        </h2>
      )}
      <AnswerLine
        run={run}
        samples={samples}
        cells={cells}
        simulated={simulated}
        ended={summary.status !== 'running'}
      />
      <div className="run-line">
        <RunProgress run={summary} />
        {summary.status === 'finished' && !summary.imported && (
          <button
            type="button"
            title="They join this run. The answer says that they were added after looking."
            onClick={() => void extendRun(runId, moreRepeats)}
          >
            {moreText(summary.schemes.length)}
          </button>
        )}
        <a href={hashOf('runs', runId)}>Open run {runId}</a>
      </div>
      {run !== null && tunes && <TuningTable plan={run.plan} cells={cells} />}
      {!tunes && (
        <>
          <PictureAndWhy
            subject={subject}
            axis="bench"
            cells={cells}
            samples={samples}
            sizes={summary.sizesBytes}
            ceilingBytesPerSecond={ceiling}
            hugePages={run?.plan.hugePages ?? false}
            simulated={simulated}
            ended={summary.status !== 'running'}
            schemes={summary.schemes}
            view={view}
          />
          <SizeChart
            subject={subject}
            cells={cells}
            sizes={summary.sizesBytes}
            ceilingBytesPerSecond={ceiling}
            simulated={simulated}
            onOpen={onOpen}
          />
        </>
      )}
      {(latest !== undefined || summary.status === 'running') && (
        <TimelineChart
          title={latest === undefined ? 'Latest sample' : `Latest sample: ${sampleTitle(latest.sample)}`}
          spans={latest?.spans ?? none}
          totalNs={latest?.sample.totalNs ?? null}
          simulated={simulated}
          subject={subject}
        />
      )}
    </article>
  )
}
