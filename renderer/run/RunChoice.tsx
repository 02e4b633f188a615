import type { RunSummary } from '../../contract/run.ts'
import { clockText } from '../../findings/words/figureText.ts'

type Props = {
  readonly label: string
  readonly runs: readonly RunSummary[]
  readonly chosen: number | null
  readonly onChoose: (runId: number) => void
}

export function RunChoice({ label, runs, chosen, onChoose }: Props) {
  const listed = chosen === null || runs.some(run => run.id === chosen)
  return (
    <label className="inline">
      {label}
      <select value={chosen ?? ''} onChange={event => onChoose(Number(event.target.value))}>
        {chosen === null && <option value="">choose a run</option>}
        {!listed && <option value={chosen}>run {chosen}</option>}
        {runs.map(run => (
          <option key={run.id} value={run.id}>
            run {run.id}, {run.title}
            {run.simulated ? ' (SIM)' : ''}, {clockText(run.createdAt)}
          </option>
        ))}
      </select>
    </label>
  )
}
