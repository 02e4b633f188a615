import { useMemo } from 'react'
import { answerOf } from '../../findings/answer.ts'
import type { Cell } from '../../findings/cells.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { useCalmSentence } from './useCalmSentence.ts'

type Props = {
  readonly cells: readonly Cell[]
  readonly ceilingBytesPerSecond: number | null
  readonly simulated: boolean
  /** No further sample comes. */
  readonly ended: boolean
}

/** The answer first, with what it rests on under it. */
export function AnswerLine({ cells, ceilingBytesPerSecond, simulated, ended }: Props) {
  const answer = useMemo(() => answerOf(cells, ceilingBytesPerSecond), [cells, ceilingBytesPerSecond])
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
