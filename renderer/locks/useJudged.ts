import { useEffect, useState } from 'react'
import { type LabError, toLabError } from '../../contract/error.ts'
import { type Judged, judging } from '../../locks/judge.ts'
import { parseScenario, type Scenario } from '../../locks/scenario.ts'

export type Judging =
  | { readonly state: 'judging'; readonly states: number }
  | { readonly state: 'judged'; readonly scenario: Scenario; readonly judged: Judged }
  | { readonly state: 'refused'; readonly error: LabError }

const begun: Judging = { state: 'judging', states: 0 }

/** Leaves half of each frame to the page. */
const pieceMs = 8

/**
 * Judges a scenario's text, piece by piece between the page's frames; a new text ends the work on the old one. What was
 * said of that stays until the first piece is through, so that nothing flickers while somebody types.
 */
export function useJudged(text: string): Judging {
  const [known, setKnown] = useState<Judging>(begun)
  useEffect(() => {
    const work = judgingOf(text)
    let timer = 0
    const go = () => {
      const next = oneFrameOf(work)
      setKnown(next)
      if (next.state === 'judging') timer = window.setTimeout(go)
    }
    timer = window.setTimeout(go)
    return () => window.clearTimeout(timer)
  }, [text])
  return known
}

function* judgingOf(text: string): Generator<number, Judging> {
  const scenario = parseScenario(text, 'the scenario')
  return { state: 'judged', scenario, judged: yield* judging(scenario) }
}

function oneFrameOf(work: Generator<number, Judging>): Judging {
  const endMs = performance.now() + pieceMs
  try {
    for (;;) {
      const { done, value } = work.next()
      if (done) return value
      if (performance.now() >= endMs) return { state: 'judging', states: value }
    }
  } catch (thrown) {
    return { state: 'refused', error: toLabError(thrown) }
  }
}
