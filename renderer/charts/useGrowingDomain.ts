import { useRef } from 'react'
import { type Domain, grown } from './axisGrowth.ts'

/** Shown before the first value is there. */
const emptyDomain: Domain = { min: 1e6, max: 1e9 }

/** The domain so far, grown by `next`. A new `subject` (another run, another size) starts afresh. */
export function useGrowingDomain(subject: string, next: Domain | null): Domain {
  const held = useRef<{ readonly subject: string; readonly domain: Domain } | null>(null)
  const previous = held.current?.subject === subject ? held.current.domain : null
  const domain = grown(previous, next)
  if (domain !== null && domain !== previous) held.current = { subject, domain }
  return domain ?? emptyDomain
}
