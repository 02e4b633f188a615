import { useRef } from 'react'
import { type Phase, phases } from '../../contract/sample.ts'

type Seen = { readonly subject: string; readonly untilNs: number; readonly phases: readonly Phase[] }

/** The longest time and every phase that was shown of a subject: one sample after another keeps axis and key. */
export function useSeen(subject: string, untilNs: number, used: readonly Phase[]): Omit<Seen, 'subject'> {
  const held = useRef<Seen>({ subject, untilNs: 0, phases: [] })
  const before = held.current.subject === subject ? held.current : { subject, untilNs: 0, phases: [] }
  const all = phases.filter(phase => before.phases.includes(phase) || used.includes(phase))
  const same = before.untilNs >= untilNs && all.length === before.phases.length
  held.current = same ? before : { subject, untilNs: Math.max(before.untilNs, untilNs), phases: all }
  return held.current
}
