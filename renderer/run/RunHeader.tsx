import type { RunSummary } from '../../contract/run.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { canResume } from '../../findings/canResume.ts'
import { clockText, countText } from '../../findings/words/figureText.ts'
import { hashOf } from '../base/route.ts'
import { goTo } from '../base/useRoute.ts'
import { ConfirmButton } from '../controls/ConfirmButton.tsx'
import { cancelRun } from '../lab/labStore.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { StatusWord } from '../style/StatusWord.tsx'
import { deleteRun, extendRun, resumeRun } from './runActions.ts'
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
    if (await deleteRun(id)) goTo('runs')
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
        <ConfirmButton
          title="Delete"
          question="Delete this run?"
          confirm={`Delete ${countText(summary.samplesDone, 'sample')}`}
          onConfirm={() => void remove()}
        />
      )}
    </header>
  )
}
