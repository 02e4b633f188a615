import './repeats.css'
import { useMemo } from 'react'
import type { Cell } from '../../findings/cells.ts'
import { repeatScale, repeatShapes } from '../../findings/drawing/repeatShapes.ts'
import { sizeText } from '../../findings/words/figureText.ts'
import { useStore } from '../base/store.ts'
import { themeStore } from '../base/theme.ts'
import { SchemeName } from '../style/SchemeName.tsx'
import { pointAt } from './crosshair.ts'
import { ChartFigure } from './kit/ChartFigure.tsx'
import { useWidth } from './kit/useWidth.ts'
import { Shapes } from './Shapes.tsx'

type Props = { readonly cells: readonly Cell[]; readonly bytes: number; readonly simulated: boolean }

const height = 150

/** Every repeat of these cells as a point in the order of the run, so that spread and drift are seen. */
export function RepeatsChart({ cells, bytes, simulated }: Props) {
  const theme = useStore(themeStore, state => state.theme)
  const [box, width] = useWidth<HTMLElement>(900)
  const shapes = useMemo(() => {
    const scale = repeatScale(cells, width, height)
    return scale === null ? [] : repeatShapes(cells, scale, theme)
  }, [cells, width, theme])
  const label = `Every repeat at ${sizeText(bytes)}, in the order of the run`
  return (
    <ChartFigure
      title={label}
      simulated={simulated}
      kind="repeats"
      height={height}
      controls={cells.map(({ scheme }) => <SchemeName key={scheme} scheme={scheme} />)}
      canvas={
        <section
          ref={box}
          aria-label={label}
          onPointerEnter={() => pointAt(bytes)}
          onPointerLeave={() => pointAt(null)}
        >
          {/* biome-ignore lint/a11y/noSvgWithoutTitle: the section names it; a title would be a tooltip over all of it */}
          <svg className="repeats" width="100%" height={height} viewBox={`0 0 ${width} ${height}`}>
            <Shapes shapes={shapes} />
          </svg>
        </section>
      }
    >
      <p className="quiet">Lines are medians, bands their intervals. Time does not begin at 0.</p>
    </ChartFigure>
  )
}
