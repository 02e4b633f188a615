import { useEffect, useRef, useState } from 'react'

/**
 * A value that changes many times a second: shown at once. A change after `restMs` of rest is told at once as well, and
 * what follows it once it has rested for so long. What is told from elsewhere takes its place.
 */
export function useResting(
  told: string,
  tell: (value: string) => void,
  restMs: number,
): [value: string, set: (value: string) => void] {
  const [value, setValue] = useState(told)
  /** What was told by this value; anything else came from elsewhere. */
  const written = useRef(told)
  const changedMs = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    if (told === written.current) return
    written.current = told
    setValue(told)
  }, [told])
  useEffect(() => {
    if (value === written.current) return
    const hasRested = performance.now() - changedMs.current >= restMs
    changedMs.current = performance.now()
    const write = () => {
      written.current = value
      tell(value)
    }
    if (hasRested) return write()
    const timer = window.setTimeout(write, restMs)
    return () => window.clearTimeout(timer)
  }, [value, tell, restMs])
  return [value, setValue]
}
