import { useMemo } from 'react'
import type { Run } from '../../contract/run.ts'
import type { StoredSample } from '../../contract/sample.ts'
import { answerOf } from '../../findings/answer.ts'
import type { Cell } from '../../findings/cells.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { useCalmSentence } from './useCalmSentence.ts'

type Props = {
  readonly run: Run | null
  readonly samples: readonly StoredSample[]
  readonly cells: readonly Cell[]
  readonly simulated: boolean
  /** No further sample comes. */
  readonly ended: boolean
}

/** The answer first, with what it rests on under it. */
export function AnswerLine({ run, samples, cells, simulated, ended }: Props) {
  const plan = run?.plan ?? null
  const ceilingBytesPerSecond = run?.ceiling?.bytesPerSecond ?? null
  const environment = run?.capabilities?.environment ?? null
  const answer = useMemo(
    () => (plan === null ? null : answerOf({ plan, ceilingBytesPerSecond, samples, cells, environment })),
    [plan, ceilingBytesPerSecond, samples, cells, environment],
  )
  const sentence = useCalmSentence(answer?.sentence ?? 'No counted sample yet.', ended)
  return (
    <div className="answer" data-testid="answer">
      <p className="sentence">
        {simulated && <SimBadge />}
        {keepUnits(sentence)}
      </p>
      <p className="basis">{keepUnits(answer?.basis ?? '')}</p>
    </div>
  )
}
