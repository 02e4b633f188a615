import { useEffect, useRef, useState } from 'react'
import type { LabError, Outcome } from '../../contract/error.ts'

export type LatestAnswer<R, A> = {
  /** The newest answer, with what was asked for. */
  readonly latest: { readonly request: R; readonly answer: A } | null
  readonly error: LabError | null
}

/**
 * Asks again whenever the request changes, one question at a time: while one is under way only the newest request
 * waits, so a slider that moves never builds up a queue. `null` asks nothing.
 */
export function useLatestAnswer<R, A>(
  request: R | null,
  ask: (request: R) => Promise<Outcome<A>>,
): LatestAnswer<R, A> {
  const [state, setState] = useState<LatestAnswer<R, A>>({ latest: null, error: null })
  const waiting = useRef<R | null>(null)
  const asking = useRef(false)

  useEffect(() => {
    const askOn = async () => {
      asking.current = true
      while (waiting.current !== null) {
        const next = waiting.current
        waiting.current = null
        const outcome = await ask(next)
        if (outcome.ok) setState({ latest: { request: next, answer: outcome.value }, error: null })
        else setState(before => ({ ...before, error: outcome.error }))
      }
      asking.current = false
    }
    waiting.current = request
    if (!asking.current) void askOn()
  }, [request, ask])

  return state
}
