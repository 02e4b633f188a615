import type { ReactNode } from 'react'
import { SimBadge } from '../style/SimBadge.tsx'

type Props = {
  readonly title: string
  readonly simulated: boolean
  readonly size: 'tall' | 'medium' | 'short'
  readonly controls?: ReactNode
  readonly canvas: ReactNode
  readonly children?: ReactNode
}

/** A chart with its title, its controls and, below it, its key and data table. Simulated ones have a dotted outline. */
export function ChartFigure({ title, simulated, size, controls, canvas, children }: Props) {
  return (
    <figure className={simulated ? 'chart simulated' : 'chart'}>
      <figcaption>
        <h3>{title}</h3>
        {simulated && <SimBadge />}
        <span className="spring" />
        {controls}
      </figcaption>
      <div className={`canvas ${size}`}>{canvas}</div>
      {children}
    </figure>
  )
}
