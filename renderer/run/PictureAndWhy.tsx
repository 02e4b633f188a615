import { useMemo, useRef } from 'react'
import type { StoredSample } from '../../contract/sample.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import type { Cell } from '../../findings/cells.ts'
import { barsOf, namedScheme, type SchemePair, schemePairs, sizePairs } from '../../findings/picture.ts'
import { Picture } from '../charts/Picture.tsx'
import type { ShownPicture } from './pictureView.ts'
import { WhyPanel } from './WhyPanel.tsx'

type Props = {
  readonly subject: string
  readonly axis: string
  readonly cells: readonly Cell[]
  readonly samples: readonly StoredSample[]
  readonly sizes: readonly number[]
  readonly ceilingBytesPerSecond: number | null
  readonly hugePages: boolean
  readonly simulated: boolean
  /** The run has ended: what is shown first does not change under the eyes any more. */
  readonly ended: boolean
  readonly view: ShownPicture
  /** Of the plan: they have their place before the first sample. */
  readonly schemes: readonly SchemeId[]
}

/** The picture of a run and, for the size that was chosen in it, the why. */
export function PictureAndWhy(props: Props) {
  const { cells, samples, ended, schemes } = props
  const { scheme, opened, choose, isAddressed } = props.view
  const pairs = useMemo(() => schemePairs(cells, ended ? [] : schemes), [cells, ended, schemes])
  const isChosenHere = useRef(false)
  const open = (bytes: number | null) => {
    isChosenHere.current = true
    choose({ opened: bytes })
  }
  const first = useCalmFirst(pairs, ended)
  const pair = pairs.find(one => namedScheme(one) === scheme) ?? first
  const measured = useMemo(
    () => (pair === undefined ? [] : sizePairs(cells, pair, samples)),
    [cells, pair, samples],
  )
  if (pair === undefined) return null
  const largest = measured.findLast(one => barsOf(one).length > 0)?.bytes ?? null
  // Of a run that has ended, the why at the largest size is open from the start.
  const openedBytes = opened === 'first' ? (ended ? largest : null) : opened
  return (
    <>
      <Picture
        {...props}
        pairs={pairs}
        pair={pair}
        measured={measured}
        onPair={one => choose({ scheme: namedScheme(one) })}
        openedBytes={openedBytes}
        onOpen={bytes => open(openedBytes === bytes ? null : bytes)}
      />
      {openedBytes !== null && (
        <WhyPanel
          key={`${openedBytes} ${namedScheme(pair)}`}
          {...props}
          pair={pair}
          bytes={openedBytes}
          byOverlap={measured.find(({ bytes }) => bytes === openedBytes)?.saved?.byOverlap ?? false}
          comesIntoSight={isChosenHere.current}
          isAddressed={isAddressed}
          onClose={() => open(null)}
        />
      )}
    </>
  )
}

function isSame(one: SchemePair, other: SchemePair | null): boolean {
  return other !== null && namedScheme(one) === namedScheme(other)
}

/** While samples stream in, the pair that was shown first stays; which is quickest is said when all are there. */
function useCalmFirst(pairs: readonly SchemePair[], ended: boolean): SchemePair | undefined {
  const held = useRef<SchemePair | undefined>(undefined)
  const shown = pairs.find(one => isSame(one, held.current ?? null))
  const first = ended || shown === undefined || held.current?.overlapped === null ? pairs[0] : shown
  held.current = first
  return first
}
