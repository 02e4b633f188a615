import { exportFormats, type RunSummary } from '../../contract/run.ts'
import { canResume } from '../../findings/canResume.ts'
import { clockText, countText } from '../../findings/words/figureText.ts'
import { hashOf } from '../base/route.ts'
import { goTo } from '../base/useRoute.ts'
import { ConfirmButton } from '../controls/ConfirmButton.tsx'
import { cancelRun } from '../lab/labStore.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { StatusWord } from '../style/StatusWord.tsx'
import { deleteRun, exportRun, extendRun, resumeRun } from './runActions.ts'

/** `repeats`: how many the plan began with; as many can be added. */
export function RunHeader({ summary, repeats }: { summary: RunSummary; repeats: number }) {
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
      <span className="quiet">export</span>
      <fieldset className="segments" aria-label="Export">
        {exportFormats.map(format => (
          <button type="button" key={format} onClick={() => void exportRun(id, format)}>
            {format}
          </button>
        ))}
      </fieldset>
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
