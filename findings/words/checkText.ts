import { countText } from './figureText.ts'

type Found = {
  readonly damagedRuns: readonly number[]
  readonly damagedSamples: number
  readonly damagedSpans: number
  readonly damagedIndexes: readonly string[]
}

/** What a check found in a database, in a sentence; empty where it is sound. */
export function damageText({ damagedRuns, damagedSamples, damagedSpans, damagedIndexes }: Found): string {
  const named = damagedRuns.slice(0, mostNamed).join(', ')
  const more = damagedRuns.length > mostNamed ? `, and ${damagedRuns.length - mostNamed} more` : ''
  const parts = [
    ...(damagedRuns.length > 0 ? [`${damagedRuns.length === 1 ? 'run' : 'runs'} ${named}${more}`] : []),
    ...(damagedSamples > 0 ? [countText(damagedSamples, 'sample')] : []),
    ...(damagedSpans > 0 ? [`the spans of ${countText(damagedSpans, 'sample')}`] : []),
    ...(damagedIndexes.length > 0 ? [`what lists are made of (${damagedIndexes.join(', ')})`] : []),
  ]
  return parts.length === 0 ? '' : `The database is damaged. Not what was stored: ${parts.join('; ')}.`
}

const mostNamed = 8
