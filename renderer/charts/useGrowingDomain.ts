import { useRef } from 'react'
import { type Domain, grown } from './axisGrowth.ts'

/** The domain so far, grown by `next`. A new `subject` (another run, another size) starts afresh. */
export function useGrowingDomain(subject: string, next: Domain): Domain {
  const held = useRef<{ readonly subject: string; readonly domain: Domain } | null>(null)
  const previous = held.current?.subject === subject ? held.current.domain : null
  const domain = grown(previous, next)
  if (domain !== previous) held.current = { subject, domain }
  return domain
}
