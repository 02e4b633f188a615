import { useId } from 'react'
import {
  barsOf,
  type CostBar,
  type CostPart,
  type Saved,
  type SizePair,
  sizePairText,
} from '../../findings/picture.ts'
import { msText, sizeText } from '../../findings/words/figureText.ts'
import { savedWords } from '../../findings/words/pictureText.ts'
import type { Theme } from '../base/theme.ts'
import { phaseColours } from '../style/phaseStyle.ts'
import { schemeStyle } from '../style/schemeStyle.ts'
import { costY, type PictureLayout, slotMiddle } from './pictureLayout.ts'
import { publishedCosts } from './publishedCosts.ts'

type Props = {
  readonly pair: SizePair
  readonly index: number
  readonly layout: PictureLayout
  readonly topNs: number
  readonly theme: Theme
  readonly simulated: boolean
  /** What `normal` costs at this size, where it was measured and is not in the pair. */
  readonly ghostNs: number | null
  readonly opened: boolean
  readonly onOpen: () => void
  readonly onPoint: (pointed: boolean) => void
}

/** One size: the twin's outlined stack, the overlapped load's filled bar, and what overlap hid between them. */
export function PictureBars(props: Props) {
  const { pair, index, layout, topNs, theme, simulated, ghostNs } = props
  const hatchId = useId()
  const middle = slotMiddle(layout, index)
  const y = (ns: number) => costY(layout, ns, topNs)
  const serialX = middle - layout.gap / 2 - layout.bar
  const overlappedX = middle + layout.gap / 2
  const { serial, overlapped, saved } = pair
  const colour = overlapped === null ? '' : schemeStyle(overlapped.cell.scheme, theme).colour
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
      <pattern id={hatchId} width="6" height="6" patternUnits="userSpaceOnUse">
        <path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke={colour} strokeWidth="1" />
      </pattern>
      <rect
        className="slot"
        x={middle - layout.slot / 2 + 1}
        y={layout.top - 34}
        width={Math.max(0, layout.slot - 2)}
        height={layout.bottom - layout.top + 74}
        rx="4"
      />
      {ghostNs !== null && ghostNs <= topNs && (
        <>
          <rect
            className="ghost"
            x={serialX - 4}
            width={2 * layout.bar + layout.gap + 8}
            y={y(ghostNs)}
            height={layout.bottom - y(ghostNs)}
          />
          {layout.slot >= 200 && (
            <text className="ghost-name" x={serialX - 8} y={y(ghostNs) + 4}>
              normal
            </text>
          )}
        </>
      )}
      {serial !== null && overlapped !== null && serial.totalNs > overlapped.totalNs && (
        <rect
          x={serialX + layout.bar}
          width={layout.bar + layout.gap}
          y={y(serial.totalNs)}
          height={y(overlapped.totalNs) - y(serial.totalNs)}
          className={saved?.verdict === 'faster' ? undefined : 'unsure'}
          fill={`url(#${hatchId})`}
          stroke={colour}
          strokeWidth="0.75"
        />
      )}
      {serial !== null && <Stack bar={serial} x={serialX} layout={layout} topNs={topNs} theme={theme} />}
      {overlapped !== null && (
        <Filled
          bar={overlapped}
          x={overlappedX}
          layout={layout}
          topNs={topNs}
          colour={colour}
          simulated={simulated}
        />
      )}
      {[serial, overlapped].map(
        (bar, side) =>
          bar !== null && (
            <g key={bar.cell.scheme}>
              <Whisker bar={bar} x={(side === 0 ? serialX : overlappedX) + layout.bar / 2} y={y} />
              {publishedCosts(bar.cell.scheme, pair.bytes)
                .filter(({ ns }) => ns <= topNs)
                .map(({ ns, title }) => (
                  <Diamond
                    key={title}
                    title={`published: ${title}`}
                    x={(side === 0 ? serialX : overlappedX) + layout.bar / 2}
                    y={y(ns)}
                  />
                ))}
              {bar.totalNs > topNs && (
                <Break x={side === 0 ? serialX : overlappedX} width={layout.bar} y={layout.top + 12} />
              )}
              {layout.bar >= 26 && (
                <text
                  className="value"
                  x={(side === 0 ? serialX : overlappedX) + layout.bar / 2}
                  y={layout.bottom + 14}
                >
                  {msText(bar.medianNs)}
                </text>
              )}
            </g>
          ),
      )}
      {saved !== null && layout.slot >= 44 && (
        <SavedLabel
          saved={saved}
          x={middle}
          y={y(Math.max(...barsOf(pair).flatMap(bar => [bar.totalNs, bar.highNs]))) - 20}
          wide={layout.slot >= 96}
        />
      )}
      <text className="size" x={middle} y={layout.bottom + 32}>
        {sizeText(pair.bytes)}
      </text>
    </g>
  )
}

type BarProps = {
  readonly bar: CostBar
  readonly x: number
  readonly layout: PictureLayout
  readonly topNs: number
}

/** From the ground up: each part with where it begins and ends, in ns. */
function stacked({ parts }: CostBar) {
  let fromNs = 0
  return parts.map(({ part, ns }) => {
    const piece = { part, fromNs, toNs: fromNs + ns }
    fromNs += ns
    return piece
  })
}

function Stack({ bar, x, layout, topNs, theme }: BarProps & { readonly theme: Theme }) {
  return stacked(bar).map(({ part, fromNs, toNs }) => {
    const [low, high] = [costY(layout, fromNs, topNs), costY(layout, toNs, topNs)]
    return (
      <rect
        key={part}
        className="part"
        x={x + 0.75}
        width={Math.max(0.5, layout.bar - 1.5)}
        y={high + 0.75}
        height={Math.max(0, low - high - 1.5)}
        stroke={partColour(part, theme)}
      />
    )
  })
}

function Filled(props: BarProps & { readonly colour: string; readonly simulated: boolean }) {
  const { bar, x, layout, topNs, colour, simulated } = props
  const top = costY(layout, bar.totalNs, topNs)
  return (
    <>
      <rect
        className={simulated ? 'total simulated' : 'total'}
        x={x}
        width={layout.bar}
        y={top}
        height={Math.max(0, layout.bottom - top)}
        fill={colour}
        stroke={colour}
      />
      {stacked(bar)
        .slice(1)
        .map(({ part, fromNs }) => {
          const at = costY(layout, fromNs, topNs)
          return <line key={part} className="joint" x1={x} x2={x + layout.bar} y1={at} y2={at} />
        })}
    </>
  )
}

function Whisker({ bar, x, y }: { bar: CostBar; x: number; y: (ns: number) => number }) {
  const [low, high] = [y(bar.lowNs), y(bar.highNs)]
  if (bar.lowNs === bar.highNs) return null
  return <path className="whisker" d={`M${x - 3} ${low}h6M${x} ${low}V${high}M${x - 3} ${high}h6`} />
}

/** Published figures are hollow diamonds everywhere. */
function Diamond({ title, x, y }: { title: string; x: number; y: number }) {
  return (
    <path className="published" d={`M${x} ${y - 6}l6 6l-6 6l-6 -6z`}>
      <title>{title}</title>
    </path>
  )
}

/** A bar that goes on above the axis is cut open near its top. */
function Break({ x, width, y }: { x: number; width: number; y: number }) {
  const tooth = width / 4
  const teeth = `l${tooth} -5l${tooth} 5l${tooth} -5l${tooth} 5`
  return <path className="break" d={`M${x - 1} ${y}${teeth}v6${mirrored(tooth)}z`} />
}

function mirrored(tooth: number): string {
  return `l${-tooth} -5l${-tooth} 5l${-tooth} -5l${-tooth} 5`
}

function SavedLabel({ saved, x, y, wide }: { saved: Saved; x: number; y: number; wide: boolean }) {
  const { short, long, interval } = savedWords(saved)
  return (
    <text className="saved" x={x} y={Math.max(12, y)}>
      <tspan x={x}>{wide ? long : short}</tspan>
      {wide && (
        <tspan className="interval" x={x} dy="13">
          {interval}
        </tspan>
      )}
    </text>
  )
}

/** The first gather is allocation, T(I/O) is reading or copying, and the rest belongs to no phase. */
export function partColour(part: CostPart, theme: Theme): string {
  const colours = phaseColours[theme]
  switch (part) {
    case 'first gather':
    case 'alloc':
      return colours.alloc
    case 'map':
      return colours.map
    case 'create':
      return colours.create
    case 'I/O':
      return colours.read
    case 'rest':
      return colours.open
  }
}
