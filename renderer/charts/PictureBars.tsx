import { useId } from 'react'
import { schemeColour } from '../../findings/drawing/palette.ts'
import { hatchPath, type PictureScale, pairShapes, slotShape } from '../../findings/drawing/pictureShapes.ts'
import { type CostBar, type SizePair, sizePairText } from '../../findings/picture.ts'
import { publishedCosts } from './publishedCosts.ts'
import { Shapes } from './Shapes.tsx'

type Props = {
  readonly pair: SizePair
  readonly index: number
  readonly scale: PictureScale
  readonly simulated: boolean
  /** What `normal` costs at this size, where it was measured and is not in the pair. */
  readonly ghostNs: number | null
  readonly opened: boolean
  readonly onOpen: () => void
  readonly onPoint: (pointed: boolean) => void
}

/** One size: the twin's outlined stack, the overlapped load's filled bar, and what overlap hid between them. */
export function PictureBars(props: Props) {
  const { pair, index, scale, simulated, ghostNs } = props
  const hatchId = useId()
  const overlapped = pair.overlapped?.cell.scheme
  const drawing = {
    pair,
    index,
    simulated,
    ghostNs,
    hatchId,
    published: ({ cell }: CostBar) => publishedCosts(cell.scheme, pair.bytes),
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot stand inside an SVG
    <g
      role="button"
      tabIndex={0}
      className={props.opened ? 'pair opened' : 'pair'}
      aria-label={`${sizePairText(pair)}. Show why`}
      aria-expanded={props.opened}
      onClick={props.onOpen}
      onKeyDown={event => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        props.onOpen()
      }}
      onPointerEnter={() => props.onPoint(true)}
      onPointerLeave={() => props.onPoint(false)}
      onFocus={() => props.onPoint(true)}
      onBlur={() => props.onPoint(false)}
    >
      {overlapped !== undefined && (
        <pattern id={hatchId} width="6" height="6" patternUnits="userSpaceOnUse">
          <path d={hatchPath} stroke={schemeColour(overlapped, scale.theme)} strokeWidth="1" />
        </pattern>
      )}
      <Shapes shapes={[slotShape(scale.layout, index), ...pairShapes(scale, drawing)]} />
    </g>
  )
}
