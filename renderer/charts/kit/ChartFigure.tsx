import './charts.css'
import type { ReactNode } from 'react'
import { SimBadge } from '../../style/SimBadge.tsx'

type Props = {
  readonly title: string
  readonly simulated: boolean
  /** Distinguishes charts for the layout. */
  readonly kind: 'size' | 'cost' | 'timeline' | 'pair' | 'repeats'
  /** Of the canvas, at least, in CSS pixels. Beside a taller chart it grows. */
  readonly height: number
  readonly controls?: ReactNode
  readonly canvas: ReactNode
  readonly children?: ReactNode
}

/** A chart with its title, its controls and, below it, its key and data table. Simulated ones have a dotted outline. */
export function ChartFigure({ title, simulated, kind, height, controls, canvas, children }: Props) {
  return (
    <figure className={`chart ${kind}${simulated ? ' simulated' : ''}`}>
      <figcaption>
        <h2 title={title}>{title}</h2>
        {simulated && <SimBadge />}
        <span className="spring" />
        {controls}
      </figcaption>
      <div className="canvas" style={{ minHeight: height }}>
        {canvas}
      </div>
      {children}
    </figure>
  )
}
