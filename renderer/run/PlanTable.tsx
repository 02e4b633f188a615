import type { Run } from '../../contract/run.ts'
import { clockText } from '../../findings/words/figureText.ts'
import { planRows } from '../../findings/words/planRows.ts'

/** What was asked for, and which run it became. */
export function PlanTable({ run }: { run: Run }) {
  return (
    <section aria-label="Plan">
      <h2>Plan</h2>
      <table className="pairs" aria-label="Plan">
        <tbody>
          {planRows(run.plan).map(([what, value]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td className="figures">{value}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">identity</th>
            <td className="figures">
              {run.uuid}, lab {run.labVersion}, {clockText(run.createdAt)}
              {run.endedAt !== null && ` to ${clockText(run.endedAt)}`}
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  )
}
