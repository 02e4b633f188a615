import { memo } from 'react'
import type { LedgerRow as Row } from '../../contract/ledger.ts'
import { canResume } from '../../findings/canResume.ts'
import {
  answerText,
  baselineText,
  costsText,
  savedRangeText,
  savedText,
  shortBaselineText,
  verdictText,
} from '../../findings/ledgerText.ts'
import { clockText, countText, percentText, sizeText } from '../../findings/words/figureText.ts'
import { visibleText } from '../../findings/words/foreignText.ts'
import { hashOf } from '../base/route.ts'
import { cancelRun } from '../lab/labStore.ts'
import { discardRuns, resumeRun } from '../run/runActions.ts'
import { SchemeName } from '../style/SchemeName.tsx'
import { SimBadge } from '../style/SimBadge.tsx'
import { StatusWord } from '../style/StatusWord.tsx'
import { Sparkline } from './Sparkline.tsx'

type Props = {
  readonly row: Row
  /** From 2: the heads are the first. */
  readonly place: number
  readonly chosen: boolean
  readonly opened: boolean
  readonly onChoose: (runId: number, chosen: boolean) => void
  readonly onOpen: (runId: number) => void
}

export const LedgerRow = memo(({ row, place, chosen, opened, onChoose, onOpen }: Props) => {
  const name = visibleText(row.name)
  const title = visibleText(row.title)
  return (
    <tr
      aria-rowindex={place}
      aria-selected={chosen}
      className={`${row.simulated ? 'simulated ' : ''}${opened ? 'opened' : ''}`}
    >
      <td>
        <input
          type="checkbox"
          aria-label={`Choose run ${row.id}`}
          checked={chosen}
          onChange={event => onChoose(row.id, event.currentTarget.checked)}
        />
      </td>
      <td className="number">
        <a href={hashOf('runs', row.id)} aria-label={`Run ${row.id}`}>
          {row.id}
        </a>
      </td>
      <td className="figures" title={clockText(row.createdAt)}>
        {clockText(row.createdAt).slice(0, 16)}
      </td>
      <td title={[name, visibleText(row.note)].filter(text => text !== '').join(': ')}>
        {row.isBaseline && <abbr title="The baseline of its device">▲</abbr>} {name}
        {row.tags.map(tag => (
          <span key={tag} className="tag">
            {visibleText(tag)}
          </span>
        ))}
        {row.note !== '' && <span className="quiet"> {visibleText(row.note.slice(0, 200))}</span>}
      </td>
      <td title={title}>
        {row.simulated && <SimBadge />} {title}
      </td>
      <td className="figures" title={row.kernel ?? ''}>
        {visibleText(row.kernel ?? '')}
      </td>
      <td className="number">{row.gatherBytes === null ? '' : sizeText(row.gatherBytes)}</td>
      <Answer row={row} />
      <Change row={row} />
      <td title={row.reason}>
        <StatusWord status={row.damaged ? 'damaged' : row.status} />{' '}
        {row.samplesFailed > 0 ? (
          <span className="bad" title={countText(row.samplesFailed, 'failed sample')}>
            {row.samplesFailed} failed
          </span>
        ) : (
          row.samplesDone < row.samplesPlanned && (
            <span className="quiet figures">
              {row.samplesDone}/{row.samplesPlanned}
            </span>
          )
        )}
      </td>
      <td className="actions">
        <span>
          <RowActions row={row} onOpen={onOpen} />
        </span>
      </td>
    </tr>
  )
})

function Answer({ row }: { row: Row }) {
  const { answer, costs } = row
  if (answer === null) {
    const why = row.status === 'running' ? 'running' : row.isKnown ? 'no figure' : '…'
    return (
      <td colSpan={4} className="quiet">
        {why}
      </td>
    )
  }
  const whole = answerText(answer)
  const costText = costsText({ costs })
  return (
    <>
      <td title={whole}>
        <SchemeName scheme={answer.fastest} />
      </td>
      <td className="number" title={whole}>
        {answer.saved === null ? (
          <span className="quiet">-</span>
        ) : (
          <>
            <span className={answer.saved.shown ? '' : 'quiet'}>{savedText(answer)}</span>{' '}
            <span className="quiet">{savedRangeText(answer)}</span>
          </>
        )}
      </td>
      <td className="number" title={whole}>
        {answer.ofCeiling === null ? <span className="quiet">-</span> : percentText(answer.ofCeiling)}
      </td>
      <td>{costs.length > 0 && <Sparkline costs={costs} text={costText} />}</td>
    </>
  )
}

function Change({ row: { change, isBaseline } }: { row: Row }) {
  if (isBaseline) return <td className="quiet">baseline</td>
  if (change === null) return <td />
  const { slower, faster } = change
  const tone = slower > 0 ? 'bad' : faster > 0 ? 'good' : 'quiet'
  return (
    <td title={baselineText(change)} className="change">
      <span className={tone}>
        {slower > 0 ? '▸ ' : faster > 0 ? '◂ ' : ''}
        <span className="figures">{shortBaselineText(change)}</span> {verdictText(change)}
      </span>
    </td>
  )
}

function RowActions({ row, onOpen }: { row: Row; onOpen: Props['onOpen'] }) {
  const { id } = row
  return (
    <>
      {canResume(row) && (
        <button type="button" className="plain" onClick={() => void resumeRun(id)}>
          Resume
        </button>
      )}
      <button type="button" className="plain" aria-label={`Label run ${id}`} onClick={() => onOpen(id)}>
        Label
      </button>
      {row.status === 'running' ? (
        <button type="button" className="plain" onClick={() => void cancelRun(id)}>
          Cancel
        </button>
      ) : (
        <button
          type="button"
          className="plain"
          aria-label={`Delete run ${id}`}
          onClick={() => void discardRuns([id])}
        >
          Delete
        </button>
      )}
    </>
  )
}
