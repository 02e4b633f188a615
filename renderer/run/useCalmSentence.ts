import { useRef } from 'react'
import { calmSentence } from '../../findings/calmSentence.ts'

/** A headline that changes only when its claim does; as it is as soon as all is measured. */
export function useCalmSentence(sentence: string, ended: boolean): string {
  const standing = useRef<string | null>(null)
  standing.current = ended ? sentence : calmSentence(standing.current, sentence)
  return standing.current
}
