import './run.css'
import type { Progress, RunSummary } from '../../contract/run.ts'
import { waitText } from '../../findings/words/figureText.ts'
import { runEndText } from '../../findings/words/runEndText.ts'
import { useLab } from '../lab/labStore.ts'

/** Where the run is and how long it still takes; afterwards, how it ended and what was kept. */
export function RunProgress({ run }: { run: RunSummary }) {
  const progress = useLab(state => state.progress.get(run.id))
  if (run.status !== 'running') return <p className="outcome">{runEndText(run)}</p>
  const done = progress?.done ?? run.samplesDone
  const total = progress?.total ?? run.samplesPlanned
  return (
    <div className="progress" data-testid="run-progress">
      <progress max={Math.max(1, total)} value={done} aria-label="Samples done" />
      <span className="numbers">
        {done}/{total}
      </span>
      <span className="quiet">{stageText(progress)}</span>
    </div>
  )
}

function stageText(progress: Progress | undefined): string {
  if (progress === undefined) return 'starting'
  const left = progress.remainingNs === null ? '' : `${waitText(progress.remainingNs)} left. `
  return `${left}${progress.text || progress.stage}`
}
