import './picture.css'
import { useMemo, useState } from 'react'
import type { Cell } from '../../findings/cells.ts'
import {
  barsOf,
  type CostBar,
  ceilingCostNs,
  costAxis,
  costBarOf,
  namedScheme,
  type SchemePair,
  type SizePair,
  sizePairs,
  sizePairText,
} from '../../findings/picture.ts'
import { msText, rateText, sizeText } from '../../findings/words/figureText.ts'
import { costText, savedWords } from '../../findings/words/pictureText.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { useStore } from '../base/store.ts'
import { themeStore } from '../base/theme.ts'
import { SchemeName } from '../style/SchemeName.tsx'
import { linearTicks, zeroDomain } from './kit/axisGrowth.ts'
import { ChartFigure } from './kit/ChartFigure.tsx'
import { type Column, DataTable } from './kit/DataTable.tsx'
import { useSharedTop } from './kit/sharedTop.ts'
import { useGrowingDomain } from './kit/useGrowingDomain.ts'
import { useWidth } from './kit/useWidth.ts'
import { PictureBars, partColour } from './PictureBars.tsx'
import { costY, pictureLayout } from './pictureLayout.ts'
import { publishedCosts } from './publishedCosts.ts'

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
  readonly onPair: (pair: SchemePair) => void
  readonly openedBytes: number | null
  readonly onOpen: (bytes: number) => void
}

const height = 320
const mostTicks = 6
/** Keeps the labels of the highest bars below the upper edge. */
const headroom = 1.04

/** Cost per GiB over all sizes at once: a scheme and its twin, what overlap hid, and the ceiling. */
export function Picture(props: Props) {
  const { subject, cells, ceilingBytesPerSecond, simulated, pair } = props
  const theme = useStore(themeStore, state => state.theme)
  const [box, width] = useWidth<HTMLElement>(900)
  const [pointed, setPointed] = useState<number | null>(null)
  const drawn = useMemo(() => atAllSizes(sizePairs(cells, pair), props.sizes), [cells, pair, props.sizes])
  const ceilingNs = ceilingBytesPerSecond === null ? null : ceilingCostNs(ceilingBytesPerSecond)
  const reach = useMemo(() => costAxis(drawn, ceilingNs).topNs * headroom, [drawn, ceilingNs])
  const own = useGrowingDomain(
    `${subject}/${namedScheme(pair)}`,
    reach === 0 ? null : zeroDomain([reach]),
  ).max
  const topNs = useSharedTop(props.axis, subject, own)
  const layout = pictureLayout(width, height, drawn.length)
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
            {linearTicks({ min: 0, max: topNs }, mostTicks).map(ns => {
              const y = costY(layout, ns, topNs)
              return (
                <g key={ns}>
                  <line className="grid" x1={layout.left} x2={layout.right} y1={y} y2={y} />
                  <text className="tick" x={layout.left - 6} y={y + 4}>
                    {msText(ns)}
                  </text>
                </g>
              )
            })}
            <text className="axis" x={layout.left - 52} y={14}>
              ms per GiB
            </text>
            {drawn.map((one, index) => (
              <PictureBars
                key={one.bytes}
                pair={one}
                index={index}
                layout={layout}
                topNs={topNs}
                theme={theme}
                simulated={simulated}
                ghostNs={ghostOf(cells, pair, one.bytes)?.medianNs ?? null}
                opened={one.bytes === props.openedBytes}
                onOpen={() => props.onOpen(one.bytes)}
                onPoint={on => setPointed(on ? one.bytes : null)}
              />
            ))}
            {ceilingNs !== null && ceilingBytesPerSecond !== null && (
              <g className="ceiling">
                <line
                  x1={layout.left}
                  x2={layout.right}
                  y1={costY(layout, ceilingNs, topNs)}
                  y2={costY(layout, ceilingNs, topNs)}
                />
                <text x={layout.left + 4} y={costY(layout, ceilingNs, topNs) - 4}>
                  ceiling {rateText(ceilingBytesPerSecond)}
                </text>
              </g>
            )}
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

/** The plan's sizes are there from the start, without bars until they are measured. */
function atAllSizes(pairs: readonly SizePair[], sizes: readonly number[]): SizePair[] {
  const measured = new Map(pairs.map(pair => [pair.bytes, pair]))
  return [...new Set([...sizes, ...measured.keys()])]
    .sort((a, b) => a - b)
    .map(bytes => measured.get(bytes) ?? { bytes, serial: null, overlapped: null, saved: null })
}

/** `normal` is what everybody knows: it stands behind every pair that it is not part of. */
function ghostOf(cells: readonly Cell[], pair: SchemePair, bytes: number): CostBar | null {
  return pair.serial === 'normal' ? null : costBarOf(cells, 'normal', bytes)
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
        const largest = sizePairs(cells, one).findLast(at => barsOf(at).length > 0)
        const bar = largest?.overlapped ?? largest?.serial ?? null
        return (
          <button
            type="button"
            key={scheme}
            aria-pressed={scheme === namedScheme(pair)}
            onClick={() => onPair(one)}
          >
            <SchemeName scheme={scheme} />
            {bar !== null && <span className="quiet">{costText(bar.medianNs)}</span>}
          </button>
        )
      })}
    </fieldset>
  )
}

const numeric = true
const costOf = (bar: CostBar | null) => (bar === null ? '-' : msText(bar.medianNs))

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
