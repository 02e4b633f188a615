import type { Deadlock, Move } from '../../locks/interleavings.ts'
import { type Scenario, type Step, stepText } from '../../locks/scenario.ts'
import { ScrollX } from '../controls/ScrollX.tsx'

type Props = { readonly scenario: Scenario; readonly deadlock: Deadlock | null }

/** One lane a thread. Where they can stand still: the moves in their order, and what each waits for then. */
export function Lanes({ scenario, deadlock }: Props) {
  return (
    <ScrollX label="Threads">
      <div className="lanes">
        {scenario.threads.map(({ name, steps }) => (
          <section key={name} className="lane" aria-label={name}>
            <h3>{name}</h3>
            <Steps steps={steps} />
          </section>
        ))}
        {deadlock !== null && (
          <section className="lane deadlock" aria-label="How they come to stand still">
            <h3>How they come to stand still</h3>
            <Moves moves={deadlock.moves} />
            <h3>What each waits for</h3>
            <Moves moves={deadlock.waiting} />
          </section>
        )}
      </div>
    </ScrollX>
  )
}

function Moves({ moves }: { moves: readonly Move[] }) {
  return (
    <ol>
      {moves.map(({ thread, step }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a way is shown as a whole
        <li key={index}>
          <span className="quiet">{thread}:</span> {step}
        </li>
      ))}
    </ol>
  )
}

function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a scenario is shown as a whole
        <li key={index} className={kindOf(step)}>
          {stepText(step)}
          {step.do === 'trylock' && (
            <>
              <Branch title="got" steps={step.got} />
              <Branch title="refused" steps={step.refused} />
            </>
          )}
        </li>
      ))}
    </ol>
  )
}

function Branch({ title, steps }: { title: string; steps: readonly Step[] }) {
  if (steps.length === 0) return null
  return (
    <>
      <div className="quiet">{title}:</div>
      <Steps steps={steps} />
    </>
  )
}

/** What is a lock, what a fence, and what only tells lockdep of one. */
function kindOf(step: Step): string {
  if ('lock' in step) return 'lock-step'
  return 'fence' in step ? 'fence-step' : 'annotation-step'
}
