import { useEffect, useMemo, useRef } from 'react'
import type { Span } from '../../contract/sample.ts'
import { type Cell, medianSample, type Timed } from '../../findings/cells.ts'
import { hideableNs } from '../../findings/formulas.ts'
import { gatherLinks, type Why, whyOf } from '../../findings/limits.ts'
import type { SchemePair } from '../../findings/picture.ts'
import { percentText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { hidText } from '../../findings/words/pictureText.ts'
import { roundTitle } from '../../findings/words/sampleTitle.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { WhyTimeline } from '../charts/WhyTimeline.tsx'
import type { WhyLoad } from '../charts/whyLayout.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { useSpans } from '../lab/useSpans.ts'
import { SchemeName } from '../style/SchemeName.tsx'

type Props = {
  readonly cells: readonly Cell[]
  readonly pair: SchemePair
  readonly bytes: number
  readonly ceilingBytesPerSecond: number | null
  readonly hugePages: boolean
  readonly simulated: boolean
  /** Brings itself into sight when it is opened. */
  readonly comesIntoSight: boolean
  readonly onClose: () => void
}

/** Why a pair came out as it did: the median sample of each side on one time axis, and what limits it. */
export function WhyPanel(props: Props) {
  const { cells, pair, bytes, simulated } = props
  const panel = useRef<HTMLElement>(null)
  const serial = useMedian(cells, pair.serial, bytes)
  const overlapped = useMedian(cells, pair.overlapped, bytes)
  const serialSpans = useSpans(serial?.id ?? null)
  const overlappedSpans = useSpans(overlapped?.id ?? null)
  const serialWhy = useWhy(serial, serialSpans, props)
  const overlappedWhy = useWhy(overlapped, overlappedSpans, props)
  const loads = useMemo(() => {
    const hidden = serial === null || overlapped === null ? null : hiddenBetween(serial, overlapped)
    return [
      ...loadOf(serial, serialSpans, serialWhy, null),
      ...loadOf(overlapped, overlappedSpans, overlappedWhy, hidden),
    ]
  }, [serial, overlapped, serialSpans, overlappedSpans, serialWhy, overlappedWhy])
  useEffect(() => {
    if (props.comesIntoSight) panel.current?.scrollIntoView({ block: 'nearest' })
  }, [props.comesIntoSight])
  if (serial === null && overlapped === null) return null
  return (
    <section className="why-panel stack" ref={panel} aria-label={`Why at ${sizeText(bytes)}`}>
      <div className="row">
        <h2>Why at {sizeText(bytes)}</h2>
        <span className="spring" />
        <button type="button" className="plain" onClick={props.onClose}>
          Close
        </button>
      </div>
      <p className="limit" data-testid="why">
        {keepUnits((overlappedWhy ?? serialWhy)?.sentence ?? 'Reading the spans…')}
      </p>
      <LimitTable sides={[sideOf(serial, serialWhy), sideOf(overlapped, overlappedWhy)]} />
      <WhyTimeline title={`Median samples at ${sizeText(bytes)}`} loads={loads} simulated={simulated} />
    </section>
  )
}

function useMedian(cells: readonly Cell[], scheme: SchemePair['serial'], bytes: number): Timed | null {
  return useMemo(() => {
    const cell = cells.find(candidate => candidate.scheme === scheme && candidate.bytes === bytes)
    return cell === undefined ? null : medianSample(cell)
  }, [cells, scheme, bytes])
}

function useWhy(sample: Timed | null, spans: readonly Span[] | null, props: Props): Why | null {
  const { ceilingBytesPerSecond, hugePages } = props
  return useMemo(
    () =>
      sample === null || spans === null ? null : whyOf({ sample, spans, ceilingBytesPerSecond, hugePages }),
    [sample, spans, ceilingBytesPerSecond, hugePages],
  )
}

function loadOf(
  sample: Timed | null,
  spans: readonly Span[] | null,
  why: Why | null,
  hidden: WhyLoad['hidden'],
): WhyLoad[] {
  if (sample === null || spans === null || why === null) return []
  const title = `${sample.scheme}, ${roundTitle(sample)}, ${timeText(sample.totalNs)}`
  return [{ title, sample, spans, path: why.path, links: gatherLinks(spans), hidden }]
}

function hiddenBetween(serial: Timed, overlapped: Timed): WhyLoad['hidden'] {
  const ns = serial.totalNs - overlapped.totalNs
  return ns <= 0 ? null : { ns, text: hidText(ns, hideableNs(serial)) }
}

type Side = { readonly sample: Timed; readonly why: Why }

function sideOf(sample: Timed | null, why: Why | null): Side | null {
  return sample === null || why === null ? null : { sample, why }
}

/** The share that each limit has of the critical path, for each side. */
function LimitTable({ sides }: { sides: ReadonlyArray<Side | null> }) {
  const shown = sides.filter(side => side !== null)
  if (shown.length === 0) return null
  const names = [...new Set(shown.flatMap(({ why }) => why.limits.map(({ name }) => name)))]
  return (
    <ScrollX label="Limits">
      <table className="limits" aria-label="What has the time on the critical path">
        <thead>
          <tr>
            <th scope="col">critical path</th>
            {names.map(name => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ sample, why }) => (
            <tr key={sample.id}>
              <th scope="row">
                <SchemeName scheme={sample.scheme} />
              </th>
              {names.map(name => {
                const limit = why.limits.find(one => one.name === name)
                return (
                  <td key={name} className="number">
                    {limit === undefined ? '-' : `${percentText(limit.share)}, ${timeText(limit.ns)}`}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}
