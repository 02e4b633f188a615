import { useEffect, useState } from 'react'
import type { Span } from '../../contract/sample.ts'
import { valueOrTell } from '../base/notices.ts'
import { lab } from './lab.ts'

type Answer = { readonly sampleId: number; readonly spans: readonly Span[] }

/** The spans of one stored sample; `null` until they were read. */
export function useSpans(sampleId: number | null): readonly Span[] | null {
  const [answer, setAnswer] = useState<Answer | null>(null)
  useEffect(() => {
    if (sampleId === null) return
    let wanted = true
    void valueOrTell(lab.runs.spans({ sampleId })).then(spans => {
      if (wanted && spans !== null) setAnswer({ sampleId, spans })
    })
    return () => {
      wanted = false
    }
  }, [sampleId])
  return answer !== null && answer.sampleId === sampleId ? answer.spans : null
}
