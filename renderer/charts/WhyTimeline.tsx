import './why.css'
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Phase, Span } from '../../contract/sample.ts'
import { busyTimes } from '../../findings/busyTimes.ts'
import { phasesOf, spanAt } from '../../findings/drawing/laneSpans.ts'
import { laneAt, nsAt, type WhyLoad, whyLayout } from '../../findings/drawing/whyLayout.ts'
import { sizeText, timeText } from '../../findings/words/figureText.ts'
import { pointAt, pointAtTime, usePointedTime } from './crosshair.ts'
import type { Domain } from './kit/axisGrowth.ts'
import { ChartFigure } from './kit/ChartFigure.tsx'
import { drawQueue } from './kit/drawQueue.ts'
import { useInk } from './kit/ink.ts'
import { useWheel } from './kit/useWheel.ts'
import { useWidth } from './kit/useWidth.ts'
import { PhaseKey } from './PhaseKey.tsx'
import { RangeButtons } from './RangeButtons.tsx'
import { endOf, inside, panned, zoomed } from './timelineBars.ts'
import { timelineCommand, timelineKeys } from './timelineKeys.ts'
import { drawWhy } from './whyDrawing.ts'

type Props = {
  readonly title: string
  /** From top to bottom: the twin, then the overlapped load. */
  readonly loads: readonly WhyLoad[]
  /** Size of the loads. */
  readonly bytes: number
  readonly simulated: boolean
  /** Part of the time axis, in ns; `null`: all of it. */
  readonly zoom: Domain | null
  readonly onZoom: (zoom: Domain | null) => void
}

/** In ns; the second is set after the first. */
type Cursors = readonly [] | readonly [number] | readonly [number, number]

/**
 * Two loads on one time axis: gathers numbered, a hairline from the pages of each to its read, the critical path
 * underlined, what overlap hid bracketed. Moves by drag and keys, zooms by keys and, while it has the focus, by wheel.
 */
export function WhyTimeline({ title, loads, bytes, simulated, zoom, onZoom }: Props) {
  const ink = useInk()
  const [box, width] = useWidth<HTMLElement>(900)
  const canvas = useRef<HTMLCanvasElement>(null)
  const endNs = useMemo(
    () => Math.max(1, ...loads.map(({ sample, spans }) => Math.max(sample.totalNs, endOf(spans)))),
    [loads],
  )
  const [cursors, setCursors] = useState<Cursors>([])
  const [pointer, setPointer] = useState<{ readonly x: number; readonly y: number } | null>(null)
  const crosshairNs = usePointedTime()
  const [showsKeys, setShowsKeys] = useState(false)
  const whole = useMemo(() => ({ min: 0, max: endNs }), [endNs])
  const range = useMemo(() => (zoom === null ? whole : (inside(zoom, endNs) ?? whole)), [zoom, whole, endNs])
  const layout = useMemo(() => whyLayout(loads, width, range), [loads, width, range])

  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    drawQueue.add(element, () => drawWhy(element, layout, ink, { cursors, pointed: crosshairNs }))
    return () => drawQueue.drop(element)
  }, [layout, ink, cursors, crosshairNs])

  const pointedNs = pointer === null ? (range.min + range.max) / 2 : nsAt(layout, pointer.x)
  const obey = (event: KeyboardEvent) => {
    const command = timelineCommand(event)
    if (command === null) return
    if (command.name === 'leave' && cursors.length === 0 && !showsKeys) return
    event.preventDefault()
    switch (command.name) {
      case 'zoom':
        return onZoom(zoomed(range, command.factor, pointedNs, endNs))
      case 'move':
        return onZoom(panned(range, command.share, endNs))
      case 'whole':
        return onZoom(null)
      case 'measure':
        return setCursors(cursors.length === 1 ? [cursors[0], pointedNs] : [pointedNs])
      case 'keys':
        return setShowsKeys(shown => !shown)
      case 'leave':
        setCursors([])
        return setShowsKeys(false)
    }
  }
  const wheel = useWheel(
    (event, share) => {
      const anchor = nsAt(layout, share * width)
      if (event.shiftKey || event.deltaX !== 0)
        onZoom(panned(range, (event.deltaX + event.deltaY) / 1000, endNs))
      else onZoom(zoomed(range, 1.003 ** event.deltaY, anchor, endNs))
    },
    { whileFocused: true },
  )
  const drag = useDrag(pixels => {
    const share = -pixels / Math.max(1, layout.right - layout.left)
    onZoom(panned(range, share, endNs))
  })
  const pointed = pointer === null ? null : pointedSpan(layout, pointer)
  const phases = useMemo(() => phasesOf(loads.flatMap(({ spans }) => spans)), [loads])
  return (
    <ChartFigure
      title={title}
      simulated={simulated}
      kind="pair"
      height={layout.height}
      controls={
        <>
          <PhaseKey phases={phases} />
          <RangeButtons
            whole={range === whole}
            onZoom={factor => onZoom(zoomed(range, factor, (range.min + range.max) / 2, endNs))}
            onMove={share => onZoom(panned(range, share, endNs))}
            onWhole={() => onZoom(null)}
          />
          <button
            type="button"
            className="plain"
            aria-expanded={showsKeys}
            onClick={() => setShowsKeys(!showsKeys)}
          >
            Keys <kbd>?</kbd>
          </button>
        </>
      }
      canvas={
        <section
          ref={element => {
            box.current = element
            wheel.current = element
          }}
          className="why-timeline"
          aria-label={`${title}. W A S D or arrows zoom and move, F fits, M measures, question mark lists keys`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keys could not reach it
          tabIndex={0}
          onKeyDown={obey}
          onPointerMove={event => {
            const at = pointIn(event)
            setPointer(at)
            pointAt(bytes)
            pointAtTime(nsAt(layout, at.x))
            drag.move(event)
          }}
          onPointerLeave={() => {
            setPointer(null)
            pointAt(null)
            pointAtTime(null)
          }}
          onPointerDown={drag.begin}
          onPointerUp={drag.end}
        >
          <canvas ref={canvas} style={{ width: '100%', height: layout.height }} />
        </section>
      }
    >
      <p className="readout figures" role="status">
        {cursors.length === 2
          ? measuredText(loads, cursors)
          : cursors.length === 1
            ? `First cursor at ${timeText(cursors[0])}. M sets the second.`
            : pointed !== null
              ? spanText(pointed)
              : ''}
      </p>
      {showsKeys && (
        <dl className="keys" aria-label="Keys of the timeline">
          {timelineKeys.map(([keys, does]) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      )}
    </ChartFigure>
  )
}

function pointIn(event: PointerEvent<HTMLElement>): { x: number; y: number } {
  const bounds = event.currentTarget.getBoundingClientRect()
  return { x: event.clientX - bounds.left, y: event.clientY - bounds.top }
}

/** Calls `onMove` with how far the pointer went since it last did, while a button is down. */
function useDrag(onMove: (pixels: number) => void) {
  const from = useRef<number | null>(null)
  return {
    begin: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return
      from.current = event.clientX
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    move: (event: PointerEvent<HTMLElement>) => {
      if (from.current === null) return
      onMove(event.clientX - from.current)
      from.current = event.clientX
    },
    end: () => {
      from.current = null
    },
  }
}

function pointedSpan(
  layout: ReturnType<typeof whyLayout>,
  { x, y }: { readonly x: number; readonly y: number },
): Span | null {
  const lane = laneAt(layout, y)
  return lane === null ? null : spanAt(lane.spans, nsAt(layout, x))
}

function spanText({ lane, phase, gather, startNs, endNs, bytes }: Span): string {
  const which = gather === null ? '' : `, gather ${gather}`
  return `${lane}: ${phase}${which}, ${timeText(endNs - startNs)} from ${timeText(startNs)} to ${timeText(endNs)}, ${sizeText(bytes)}`
}

/** The time between the cursors, and what each load did in it. */
function measuredText(loads: readonly WhyLoad[], [a, b]: readonly [number, number]): string {
  const [from, to] = [Math.min(a, b), Math.max(a, b)]
  const sums = loads.map(({ sample, spans }) => {
    const times = busyTimes(spans, from, to).map(
      ({ phase, ns }: { phase: Phase; ns: number }) => `${phase} ${timeText(ns)}`,
    )
    return `${sample.scheme}: ${times.join(', ') || 'nothing'}`
  })
  return `${timeText(to - from)} between the cursors. ${sums.join('. ')}`
}
