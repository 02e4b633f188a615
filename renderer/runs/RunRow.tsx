import type { RunSummary } from '../../contract/run.ts'
import { canResume } from '../../findings/canResume.ts'
import { clockText, countText, sizeText } from '../../findings/words/figureText.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { hashOf } from '../base/route.ts'
import { ConfirmButton } from '../controls/ConfirmButton.tsx'
import { cancelRun } from '../lab/labStore.ts'
import { deleteRun, resumeRun } from '../run/runActions.ts'
import { SchemeMark } from '../style/SchemeMark.tsx'
import { SimBadge } from '../style/SimBadge.tsx'
import { StatusWord } from '../style/StatusWord.tsx'

const mostNamed = 2

export function RunRow({ run }: { run: RunSummary }) {
  return (
    <tr className={run.simulated ? 'simulated' : undefined}>
      <td className="number">
        <a href={hashOf('runs', run.id)} aria-label={`Run ${run.id}`}>
          {run.id}
        </a>
      </td>
      <td className="figures">{clockText(run.createdAt)}</td>
      <td>
        {run.simulated && <SimBadge />} {run.title}
      </td>
      <td>
        <span className="schemes" title={run.schemes.join(', ')}>
          {run.schemes.slice(0, mostNamed).map(scheme => (
            <span key={scheme} className="scheme">
              <SchemeMark scheme={scheme} />
              {scheme}
            </span>
          ))}
          {run.schemes.length > mostNamed && <span className="quiet">+{run.schemes.length - mostNamed}</span>}
        </span>
      </td>
      <td className="figures sizes">{keepUnits(run.sizesBytes.map(sizeText).join(', '))}</td>
      <td className="number" title={countText(run.samplesFailed, 'failed sample')}>
        {run.samplesDone}/{run.samplesPlanned}
        {run.samplesFailed > 0 && <span className="bad"> {run.samplesFailed} failed</span>}
      </td>
      <td title={run.reason}>
        <StatusWord status={run.damaged ? 'damaged' : run.status} />
      </td>
      <td className="actions">
        <RunActions run={run} />
      </td>
    </tr>
  )
}

function RunActions({ run }: { run: RunSummary }) {
  if (run.status === 'running') {
    return (
      <button type="button" className="plain" onClick={() => void cancelRun(run.id)}>
        Cancel
      </button>
    )
  }
  return (
    <>
      {canResume(run) && (
        <button type="button" className="plain" onClick={() => void resumeRun(run.id)}>
          Resume
        </button>
      )}
      <ConfirmButton
        title="Delete"
        question={`Delete run ${run.id}?`}
        confirm={`Delete ${countText(run.samplesDone, 'sample')}`}
        onConfirm={() => void deleteRun(run.id)}
      />
    </>
  )
}
