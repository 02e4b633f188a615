import { useEffect, useRef, useState } from 'react'
import type { Side, SidesComparison } from '../../contract/comparison.ts'
import type { LabError } from '../../contract/error.ts'
import { lab } from '../lab/lab.ts'

export type Asked = {
  readonly comparison: SidesComparison | null
  readonly error: LabError | null
  /** Pairs that are tested, of how many; `null` before the first word. */
  readonly progress: { readonly done: number; readonly total: number } | null
}

const nothing: Asked = { comparison: null, error: null, progress: null }

/** Asks for a comparison, and drops it when nobody looks any more. What was shown stays until the next has come. */
export function useComparison(sides: readonly Side[]): Asked {
  const [asked, setAsked] = useState(nothing)
  const asker = useRef(crypto.randomUUID())
  const key = JSON.stringify(sides)
  useEffect(() => {
    const own = asker.current
    const wanted: Side[] = JSON.parse(key)
    let current = true
    const unsubscribe = lab.on('comparisonProgress', ({ asker: whose, done, total }) => {
      if (current && whose === own) setAsked(before => ({ ...before, progress: { done, total } }))
    })
    setAsked(before => ({ ...before, error: null, progress: null }))
    void lab.runs.compareSides({ asker: own, sides: wanted }).then(outcome => {
      if (!current) return
      current = false
      setAsked(
        outcome.ok
          ? { comparison: outcome.value, error: null, progress: null }
          : { comparison: null, error: outcome.error, progress: null },
      )
    })
    return () => {
      unsubscribe()
      if (!current) return
      current = false
      void lab.runs.dropComparison({ asker: own })
    }
  }, [key])
  return asked
}
