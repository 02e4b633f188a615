import { useMemo } from 'react'
import { answerOf } from '../../findings/answer.ts'
import type { Cell } from '../../findings/cells.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { SimBadge } from '../style/SimBadge.tsx'

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
        {answer === null ? 'No counted sample yet.' : keepUnits(answer.sentence)}
      </p>
      {answer !== null && <p className="basis">{keepUnits(answer.basis)}</p>}
    </div>
  )
}
