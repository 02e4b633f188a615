import { useMemo } from 'react'
import type { Cell } from '../lab/cells.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { answerOf } from './answer.ts'

type Props = {
  readonly cells: readonly Cell[]
  readonly ceilingBytesPerSecond: number | null
  readonly simulated: boolean
}

/** The answer first, with what it rests on under it. */
export function AnswerLine({ cells, ceilingBytesPerSecond, simulated }: Props) {
  const answer = useMemo(() => answerOf(cells, ceilingBytesPerSecond), [cells, ceilingBytesPerSecond])
  return (
    <div className="answer" data-testid="answer">
      <p className="sentence">
        {simulated && <SimBadge />}
        {answer?.sentence ?? 'No counted sample yet.'}
      </p>
      {answer !== null && <p className="basis">{answer.basis}</p>}
    </div>
  )
}
