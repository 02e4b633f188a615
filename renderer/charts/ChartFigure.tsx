import type { ReactNode } from 'react'
import { SimBadge } from '../style/SimBadge.tsx'

type Props = {
  readonly title: string
  readonly simulated: boolean
  /** A named height, or one in pixels for a chart whose rows need room each. */
  readonly height: 'tall' | number
  readonly controls?: ReactNode
  readonly canvas: ReactNode
  readonly children?: ReactNode
}

/** A chart with its title, its controls and, below it, its key and data table. Simulated ones have a dotted outline. */
export function ChartFigure({ title, simulated, height, controls, canvas, children }: Props) {
  return (
    <figure className={simulated ? 'chart simulated' : 'chart'}>
      <figcaption>
        <h3>{title}</h3>
        {simulated && <SimBadge />}
        <span className="spring" />
        {controls}
      </figcaption>
      {height === 'tall' ? (
        <div className="canvas tall">{canvas}</div>
      ) : (
        <div className="canvas" style={{ height }}>
          {canvas}
        </div>
      )}
      {children}
    </figure>
  )
}
