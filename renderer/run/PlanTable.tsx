import { type Plan, verificationText } from '../../contract/plan.ts'
import type { Run } from '../../contract/run.ts'
import { clockText, sizeText } from '../../findings/words/figureText.ts'
import { gatherText } from '../../findings/words/setupRows.ts'

const facts: ReadonlyArray<readonly [title: string, text: (plan: Plan) => string]> = [
  ['target', plan => plan.target],
  ['schemes', plan => plan.schemes.join(', ')],
  [
    'sizes',
    plan => (plan.sizesBytes.length === 0 ? 'the whole file' : plan.sizesBytes.map(sizeText).join(', ')),
  ],
  ['file', plan => plan.file ?? `generated from seed ${plan.seed}`],
  ['folder', plan => plan.directory ?? 'the target’s choice'],
  ['repeats', plan => `${plan.repeats}, after ${plan.warmups} warm-up${plan.warmups === 1 ? '' : 's'}`],
  ['gather', gatherText],
  ['readers', plan => String(plan.readers)],
  ['heap', plan => plan.heap],
  ['pressure', plan => (plan.pressureBytes === 0 ? 'none' : sizeText(plan.pressureBytes))],
  ['verified', verificationText],
  ['huge pages', plan => (plan.hugePages ? 'asked for' : 'not asked for')],
  [
    'cool below',
    plan => (plan.coolBelowMilliCelsius === null ? 'no wait' : `${plan.coolBelowMilliCelsius / 1000} °C`),
  ],
]

export function PlanTable({ run }: { run: Run }) {
  return (
    <section aria-label="Plan">
      <h2>Plan</h2>
      <table className="pairs" aria-label="Plan">
        <tbody>
          {facts.map(([title, text]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td className="figures">{text(run.plan)}</td>
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
