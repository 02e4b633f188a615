import { useEffect, useRef, useState } from 'react'

/**
 * A value that changes many times a second: shown at once, and told once it has rested for `restMs`. What is told from
 * elsewhere takes its place.
 */
export function useResting(
  told: string,
  tell: (value: string) => void,
  restMs: number,
): [value: string, set: (value: string) => void] {
  const [value, setValue] = useState(told)
  /** What was told by this value; anything else came from elsewhere. */
  const written = useRef(told)
  useEffect(() => {
    if (told === written.current) return
    written.current = told
    setValue(told)
  }, [told])
  useEffect(() => {
    if (value === written.current) return
    const timer = window.setTimeout(() => {
      written.current = value
      tell(value)
    }, restMs)
    return () => window.clearTimeout(timer)
  }, [value, tell, restMs])
  return [value, setValue]
}
