import { type ComponentProps, useEffect, useMemo, useRef } from 'react'
import type { Span } from '../../contract/sample.ts'
import { type Cell, medianSample, type Timed } from '../../findings/cells.ts'
import { type WhySide, whyLoads } from '../../findings/drawing/whyLoads.ts'
import { whyOf } from '../../findings/limits.ts'
import type { SchemePair } from '../../findings/picture.ts'
import { percentText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { RepeatsChart } from '../charts/RepeatsChart.tsx'
import { WhyTimeline } from '../charts/WhyTimeline.tsx'
import { ScrollX } from '../controls/ScrollX.tsx'
import { useSpans } from '../lab/useSpans.ts'
import { SchemeName } from '../style/SchemeName.tsx'
import { useWhyZoom } from './pictureView.ts'

type Props = {
  readonly cells: readonly Cell[]
  readonly pair: SchemePair
  readonly bytes: number
  readonly ceilingBytesPerSecond: number | null
  readonly hugePages: boolean
  readonly simulated: boolean
  /** Overlap is what saves between the two. */
  readonly byOverlap: boolean
  /** Brings itself into sight when it is opened. */
  readonly comesIntoSight: boolean
  /** The address says what is in sight of its time axis. */
  readonly isAddressed: boolean
  readonly onClose: () => void
}

/** Why a pair came out as it did: the median sample of each side on one time axis, and what limits it. */
export function WhyPanel(props: Props) {
  const { cells, pair, bytes, simulated, byOverlap } = props
  const panel = useRef<HTMLElement>(null)
  const serial = useMedian(cells, pair.serial, bytes)
  const overlapped = useMedian(cells, pair.overlapped, bytes)
  const serialSpans = useSpans(serial?.id ?? null)
  const overlappedSpans = useSpans(overlapped?.id ?? null)
  const serialSide = useSide(serial, serialSpans, props)
  const overlappedSide = useSide(overlapped, overlappedSpans, props)
  const loads = useMemo(
    () => whyLoads(serialSide, overlappedSide, byOverlap),
    [serialSide, overlappedSide, byOverlap],
  )
  const shown = useMemo(
    () =>
      cells.filter(
        cell => cell.bytes === bytes && [pair.serial, pair.overlapped].some(scheme => scheme === cell.scheme),
      ),
    [cells, pair, bytes],
  )
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
        {keepUnits((overlappedSide ?? serialSide)?.why.sentence ?? 'Reading the spans…')}
      </p>
      <LimitTable sides={[serialSide, overlappedSide]} />
      {(loads.length === 0 || loads.some(({ spans }) => spans.length > 0)) && (
        <ZoomedTimeline
          title={`Median samples at ${sizeText(bytes)}`}
          loads={loads}
          bytes={bytes}
          simulated={simulated}
          isAddressed={props.isAddressed}
        />
      )}
      <RepeatsChart cells={shown} bytes={bytes} simulated={simulated} />
    </section>
  )
}

type ZoomedProps = Omit<ComponentProps<typeof WhyTimeline>, 'zoom' | 'onZoom'> & Pick<Props, 'isAddressed'>

function ZoomedTimeline({ isAddressed, ...props }: ZoomedProps) {
  const [zoom, onZoom] = useWhyZoom(isAddressed)
  return <WhyTimeline {...props} zoom={zoom} onZoom={onZoom} />
}

function useMedian(cells: readonly Cell[], scheme: SchemePair['serial'], bytes: number): Timed | null {
  return useMemo(() => {
    const cell = cells.find(candidate => candidate.scheme === scheme && candidate.bytes === bytes)
    return cell === undefined ? null : medianSample(cell)
  }, [cells, scheme, bytes])
}

function useSide(sample: Timed | null, spans: readonly Span[] | null, props: Props): WhySide | null {
  const { ceilingBytesPerSecond, hugePages } = props
  return useMemo(
    () =>
      sample === null || spans === null
        ? null
        : { sample, spans, why: whyOf({ sample, spans, ceilingBytesPerSecond, hugePages }) },
    [sample, spans, ceilingBytesPerSecond, hugePages],
  )
}

/** The share that each limit has of the critical path, for each side. */
function LimitTable({ sides }: { sides: ReadonlyArray<WhySide | null> }) {
  const shown = sides.filter(side => side !== null)
  const names = [...new Set(shown.flatMap(({ why }) => why.limits.map(({ name }) => name)))]
  if (names.length === 0) return null
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
