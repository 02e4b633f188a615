import type { RunSummary } from '../../contract/run.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { canResume } from '../../findings/canResume.ts'
import { clockText, countText } from '../../findings/words/figureText.ts'
import { hashOf } from '../base/route.ts'
import { goToFromHere } from '../base/useRoute.ts'
import { cancelRun } from '../lab/labStore.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { StatusWord } from '../style/StatusWord.tsx'
import { discardRuns, extendRun, resumeRun } from './runActions.ts'
import { ShareMenu } from './ShareMenu.tsx'

type Props = {
  readonly summary: RunSummary
  /** How many the plan began with; as many can be added. */
  readonly repeats: number
  /** Of the pair that the picture shows. */
  readonly scheme: SchemeId | null
}

export function RunHeader(props: Props) {
  const { summary, repeats } = props
  const { id, status } = summary
  const remove = async () => {
    const lead = goToFromHere()
    if (await discardRuns([id])) lead('runs')
  }
  return (
    <header className="bar one-line">
      <a href={hashOf('runs')}>Runs</a>
      <h1>Run {id}</h1>
      {summary.simulated && <SimBadge />}
      <span className="title" title={summary.title}>
        {summary.title}
      </span>
      <span className="quiet figures">{clockText(summary.createdAt)}</span>
      <StatusWord status={summary.damaged ? 'damaged' : status} />
      <span className="spring" />
      <ShareMenu runId={id} scheme={props.scheme} />
      <a className="button" href={hashOf('compare', id)}>
        Compare
      </a>
      {canResume(summary) && (
        <button type="button" onClick={() => void resumeRun(id)}>
          Resume
        </button>
      )}
      {status === 'finished' && !summary.damaged && (
        <button
          type="button"
          title="Measures more repeats of this run. The answer says that they were added after looking."
          onClick={() => void extendRun(id, repeats)}
        >
          +{countText(repeats, 'repeat')}
        </button>
      )}
      {status === 'running' ? (
        <button type="button" onClick={() => void cancelRun(id)}>
          Cancel <kbd>Esc</kbd>
        </button>
      ) : (
        <button type="button" onClick={() => void remove()}>
          Delete
        </button>
      )}
    </header>
  )
}
