import './picture.css'
import { useMemo } from 'react'
import type { Cell } from '../../findings/cells.ts'
import { partColour } from '../../findings/drawing/palette.ts'
import { pictureLayout } from '../../findings/drawing/pictureLayout.ts'
import {
  atAllSizes,
  axisShapes,
  ceilingShapes,
  ghostNsOf,
  pictureTopNs,
} from '../../findings/drawing/pictureShapes.ts'
import {
  barsOf,
  costAtLargest,
  namedScheme,
  type SchemePair,
  type SizePair,
  sizePairText,
} from '../../findings/picture.ts'
import { msText, sizeText } from '../../findings/words/figureText.ts'
import { costText, savedWords } from '../../findings/words/pictureText.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { useStore } from '../base/store.ts'
import { themeStore } from '../base/theme.ts'
import { SchemeName } from '../style/SchemeName.tsx'
import { pointAt, usePointed } from './crosshair.ts'
import { ChartFigure } from './kit/ChartFigure.tsx'
import { type Column, DataTable } from './kit/DataTable.tsx'
import { useSharedTop } from './kit/sharedTop.ts'
import { useGrowingDomain } from './kit/useGrowingDomain.ts'
import { useWidth } from './kit/useWidth.ts'
import { PictureBars } from './PictureBars.tsx'
import { publishedCosts } from './publishedCosts.ts'
import { Shapes } from './Shapes.tsx'

type Props = {
  /** Names what is drawn; the axis starts afresh when it changes. */
  readonly subject: string
  /** Pictures with the same axis share it while they are in sight. */
  readonly axis: string
  readonly cells: readonly Cell[]
  /** The sizes of the plan, so that the axis is complete before the first sample. */
  readonly sizes: readonly number[]
  readonly ceilingBytesPerSecond: number | null
  readonly simulated: boolean
  readonly pairs: readonly SchemePair[]
  readonly pair: SchemePair
  /** That pair at every size where anything was measured. */
  readonly measured: readonly SizePair[]
  readonly onPair: (pair: SchemePair) => void
  readonly openedBytes: number | null
  readonly onOpen: (bytes: number) => void
}

const height = 320

/** Cost per GiB over all sizes at once: a scheme and its twin, what overlap hid, and the ceiling. */
export function Picture(props: Props) {
  const { subject, cells, sizes, ceilingBytesPerSecond, simulated, pair } = props
  const theme = useStore(themeStore, state => state.theme)
  const [box, width] = useWidth<HTMLElement>(900)
  const pointed = usePointed()
  const drawn = useMemo(() => atAllSizes(props.measured, sizes), [props.measured, sizes])
  const reach = useMemo(() => pictureTopNs(drawn, ceilingBytesPerSecond), [drawn, ceilingBytesPerSecond])
  const own = useGrowingDomain(
    `${subject}/${namedScheme(pair)}`,
    reach === null ? null : { min: 0, max: reach },
  ).max
  const topNs = useSharedTop(props.axis, subject, own)
  const scale = { layout: pictureLayout(width, height, drawn.length), topNs, theme }
  const shown = drawn.find(({ bytes }) => bytes === pointed)
  return (
    <ChartFigure
      title="Cost per GiB, by file size"
      simulated={simulated}
      kind="cost"
      height={height}
      controls={<PictureKey pairs={drawn} />}
      canvas={
        <section ref={box} aria-label="Cost per GiB by file size">
          {/* biome-ignore lint/a11y/noSvgWithoutTitle: the section names it; a title would be a tooltip over all of it */}
          <svg className="picture" width="100%" height={height} viewBox={`0 0 ${width} ${height}`}>
            <Shapes shapes={axisShapes(scale)} />
            {drawn.map((one, index) => (
              <PictureBars
                key={one.bytes}
                pair={one}
                index={index}
                scale={scale}
                simulated={simulated}
                ghostNs={ghostNsOf(cells, pair, one.bytes)}
                opened={one.bytes === props.openedBytes}
                onOpen={() => props.onOpen(one.bytes)}
                pointed={one.bytes === pointed}
                onPoint={on => pointAt(on ? one.bytes : null)}
              />
            ))}
            <Shapes shapes={ceilingShapes(scale, ceilingBytesPerSecond)} />
          </svg>
        </section>
      }
    >
      <p className="readout figures">
        {shown === undefined
          ? 'Choose a size to see why: click it, or press Enter on it.'
          : keepUnits(readoutOf(shown))}
      </p>
      <PairStrip {...props} />
      <DataTable caption="cost per GiB" columns={columns} rows={drawn} keyOf={({ bytes }) => bytes} />
    </ChartFigure>
  )
}

function readoutOf(pair: SizePair): string {
  const parts = barsOf(pair).map(({ cell, parts }) => {
    const pieces = parts.map(({ part, ns }) => `${part} ${msText(ns)}`)
    return `${cell.scheme}: ${pieces.join(' + ')} ms`
  })
  return [sizePairText(pair), ...parts].join('. ')
}

/** What the colours of the outlined stacks stand for. */
function PictureKey({ pairs }: { pairs: readonly SizePair[] }) {
  const theme = useStore(themeStore, state => state.theme)
  const used = new Set(pairs.flatMap(pair => pair.serial?.parts.map(({ part }) => part) ?? []))
  return (
    <ul className="key" aria-label="Key">
      {[...used].map(part => (
        <li key={part}>
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <rect
              x="1"
              y="1"
              width="10"
              height="10"
              fill="none"
              strokeWidth="1.5"
              stroke={partColour(part, theme)}
            />
          </svg>
          {part}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <rect width="12" height="12" className="solid" />
        </svg>
        overlapped
      </li>
      {pairs.some(hasPublished) && (
        <li>
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <path className="published" d="M6 1l5 5l-5 5l-5 -5z" />
          </svg>
          published, on another device
        </li>
      )}
      <li>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path className="hatched" d="M0 12L12 0M0 6L6 0M6 12L12 6" />
        </svg>
        saved
      </li>
    </ul>
  )
}

function hasPublished(pair: SizePair): boolean {
  return barsOf(pair).some(({ cell }) => publishedCosts(cell.scheme, pair.bytes).length > 0)
}

/** All pairs, the quickest first; one is shown. */
function PairStrip({ cells, pairs, pair, onPair }: Props) {
  return (
    <fieldset className="strip" aria-label="Schemes">
      {pairs.map(one => {
        const scheme = namedScheme(one)
        if (scheme === null) return null
        const costNs = costAtLargest(cells, one)
        return (
          <button
            type="button"
            key={scheme}
            aria-pressed={scheme === namedScheme(pair)}
            onClick={() => onPair(one)}
          >
            <SchemeName scheme={scheme} />
            {costNs !== null && <span className="quiet">{costText(costNs)}</span>}
          </button>
        )
      })}
    </fieldset>
  )
}

const numeric = true
const costOf = (bar: SizePair['serial']) => (bar === null ? '-' : msText(bar.medianNs))

const columns: ReadonlyArray<Column<SizePair>> = [
  { title: 'size', numeric, cell: ({ bytes }) => sizeText(bytes) },
  {
    title: 'twin',
    cell: ({ serial }) => (serial === null ? '-' : <SchemeName scheme={serial.cell.scheme} />),
  },
  { title: 'twin, ms per GiB', numeric, cell: ({ serial }) => costOf(serial) },
  {
    title: 'overlapped',
    cell: ({ overlapped }) => (overlapped === null ? '-' : <SchemeName scheme={overlapped.cell.scheme} />),
  },
  { title: 'overlapped, ms per GiB', numeric, cell: ({ overlapped }) => costOf(overlapped) },
  {
    title: 'saved',
    numeric,
    cell: ({ saved }) => (saved === null ? '-' : savedWords(saved).short),
  },
  {
    title: 'interval',
    numeric,
    cell: ({ saved }) => (saved === null ? '-' : savedWords(saved).interval),
  },
]
