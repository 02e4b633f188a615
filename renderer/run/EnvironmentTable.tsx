import type { Run } from '../../contract/run.ts'
import { rateText, sizeText } from '../../findings/words/figureText.ts'
import { environmentRows } from './environmentRows.ts'

/** The machine before and after the run; what changed is marked. */
export function EnvironmentTable({ run }: { run: Run }) {
  if (run.capabilities === null) {
    return (
      <section aria-label="Environment">
        <h2>Environment</h2>
        <p className="quiet">The target could not be probed before this run.</p>
      </section>
    )
  }
  const after = run.capabilitiesAfter?.environment ?? null
  const rows = environmentRows(run.capabilities.environment, after)
  return (
    <section aria-label="Environment">
      <h2>Environment</h2>
      <p className="quiet">{ceilingText(run)}</p>
      {run.capabilities.notes.map(note => (
        <p key={note} className="quiet">
          {note}
        </p>
      ))}
      <table className="pairs" aria-label="Environment">
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.title}>
              <th scope="row">{row.title}</th>
              <td className="figures">{row.before}</td>
              <td className="figures">{afterText(row.before, row.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function afterText(before: string, after: string | null) {
  if (after === null) return <span className="quiet">not probed</span>
  return after === before ? <span className="quiet">same</span> : <b>{after}</b>
}

function ceilingText({ ceiling }: Run): string {
  if (ceiling === null) return 'The ceiling was not measured.'
  const { bytesPerSecond, bytes, blockBytes, depth, method } = ceiling
  const how = `${sizeText(blockBytes)} blocks, depth ${depth}, ${method}`
  return `Ceiling ${rateText(bytesPerSecond)}: ${sizeText(bytes)} read directly in sequence (${how}).`
}
