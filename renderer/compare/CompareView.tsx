import './compare.css'
import { mostSides, type Side } from '../../contract/comparison.ts'
import { hashOf } from '../base/route.ts'
import { goTo } from '../base/useRoute.ts'
import type { ViewProps } from '../base/viewProps.ts'
import { useLab } from '../lab/labStore.ts'
import { Comparison } from './Comparison.tsx'
import { ShareComparison } from './ShareComparison.tsx'
import { SideChips } from './SideChips.tsx'
import { SidePicker } from './SidePicker.tsx'
import { distinctSides, parseSide, sideText } from './sideText.ts'

/** `#/compare/3/5/7`: runs 5 and 7 judged against run 3; `3:normal/3:memfd-direct`: two schemes of a run. */
export function CompareView({ args }: ViewProps) {
  const sides = distinctSides(args.flatMap(arg => parseSide(arg) ?? [])).slice(0, mostSides)
  const change = (next: readonly Side[]) => goTo('compare', ...distinctSides(next).map(sideText))
  return (
    <div className="page">
      <header className="bar">
        <h1>Compare</h1>
        <SideChips sides={sides} onChange={change} />
        <SidePicker disabled={sides.length >= mostSides} onPick={side => change([...sides, side])} />
        {sides.length >= 2 && (
          <>
            <span className="spring" />
            <ShareComparison sides={sides} />
          </>
        )}
      </header>
      {sides.length >= 2 ? <Comparison sides={sides} /> : <Invitation sides={sides} onChange={change} />}
    </div>
  )
}

function Invitation({
  sides,
  onChange,
}: {
  readonly sides: readonly Side[]
  readonly onChange: (sides: readonly Side[]) => void
}) {
  const runs = useLab(state => state.runs)
  const newest = [...(runs?.keys() ?? [])].sort((a, b) => b - a)
  const [last, before] = newest
  return (
    <section className="empty">
      <h2>Which of them is faster?</h2>
      <p>
        Take up to {mostSides} runs, schemes of a run, or devices. The first is the baseline: each scheme and
        size of the others is judged against it by a rank test, and what else differs between them stands
        first.
      </p>
      {last === undefined || before === undefined ? (
        <>
          <p className="quiet">It takes two runs. There is {newest.length === 0 ? 'none' : 'one'} so far.</p>
          <a className="button primary" href={hashOf('bench')}>
            Plan a run
          </a>
        </>
      ) : (
        sides.length === 0 && (
          <button
            type="button"
            className="primary"
            onClick={() =>
              onChange([
                { runId: before, scheme: null },
                { runId: last, scheme: null },
              ])
            }
          >
            Compare the last two runs
          </button>
        )
      )}
    </section>
  )
}
