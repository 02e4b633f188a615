import { hashOf, idOf } from '../base/route.ts'
import { goTo } from '../base/useRoute.ts'
import type { ViewProps } from '../base/viewProps.ts'
import { useLab } from '../lab/labStore.ts'
import { RunChoice } from '../run/RunChoice.tsx'
import { Comparison } from './Comparison.tsx'

/** `#/compare/3/5`: run 5 judged against run 3, scheme by scheme and size by size. */
export function CompareView({ args }: ViewProps) {
  const runs = useLab(state => state.runs)
  const newest = [...(runs?.values() ?? [])].sort((a, b) => b.id - a.id)
  const baseline = idOf(args[0])
  const candidate = idOf(args[1])
  const choose = (nextBaseline: number | null, nextCandidate: number | null) => {
    if (nextCandidate !== null) goTo('compare', nextBaseline ?? 0, nextCandidate)
    else if (nextBaseline !== null) goTo('compare', nextBaseline)
  }
  return (
    <div className="page">
      <header className="bar">
        <h1>Compare</h1>
        <RunChoice
          label="baseline"
          runs={newest}
          chosen={baseline}
          onChoose={next => choose(next, candidate)}
        />
        <RunChoice
          label="candidate"
          runs={newest}
          chosen={candidate}
          onChoose={next => choose(baseline, next)}
        />
        <span className="spring" />
        <button
          type="button"
          disabled={baseline === null || candidate === null}
          onClick={() => choose(candidate, baseline)}
        >
          Swap
        </button>
      </header>
      {baseline !== null && candidate !== null ? (
        <Comparison key={`${baseline}/${candidate}`} baseline={baseline} candidate={candidate} />
      ) : (
        <section className="empty">
          <h2>Which of two runs is faster?</h2>
          <p>
            Choose a baseline and a candidate. Each scheme and size is judged by a rank test, and what else
            differs between the runs is listed.
          </p>
          {newest.length < 2 ? (
            <>
              <p className="quiet">
                It takes two runs. There is {newest.length === 0 ? 'none' : 'one'} so far.
              </p>
              <a className="button primary" href={hashOf('bench')}>
                Plan a run
              </a>
            </>
          ) : (
            <button
              type="button"
              className="primary"
              onClick={() => choose(newest[1]?.id ?? null, newest[0]?.id ?? null)}
            >
              Compare the last two runs
            </button>
          )}
        </section>
      )}
    </div>
  )
}
