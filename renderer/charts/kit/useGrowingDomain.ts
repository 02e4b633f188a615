import { useRef } from 'react'
import { type Domain, grown } from './axisGrowth.ts'

/** Shown before the first value is there. */
const emptyDomain: Domain = { min: 1e6, max: 1e9 }

/** The domain so far, grown by `next`. A new `subject` (another run, another size) starts afresh. */
export function useGrowingDomain(subject: string, next: Domain | null): Domain {
  const held = useRef<{ readonly subject: string; readonly domain: Domain } | null>(null)
  const before = held.current
  const domain = grown(before?.subject === subject ? before.domain : null, next)
  if (domain === null) return emptyDomain
  // The same object for the same range: what is made of it need not be made again.
  const isSame = before !== null && before.domain.min === domain.min && before.domain.max === domain.max
  held.current = { subject, domain: isSame ? before.domain : domain }
  return held.current.domain
}
