import type { SchemeId } from '../../contract/schemes.ts'
import { useStore } from '../base/store.ts'
import { themeStore } from '../base/theme.ts'
import { type Marker, schemeStyle } from './schemeStyle.ts'

const paths: Record<Marker, string> = {
  circle: 'M16 6a4 4 0 1 1-8 0a4 4 0 1 1 8 0z',
  rect: 'M8 2h8v8h-8z',
  triangle: 'M12 1.5l4.5 8h-9z',
  crossRot: 'M8.5 2.5l7 7m0-7l-7 7',
  cross: 'M12 1.5v9m-4.5-4.5h9',
  star: 'M12 1.5v9m-4.5-4.5h9m-8-3l7 6m0-6l-7 6',
}

/** A scheme's line and marker as the charts draw them. */
export function SchemeMark({ scheme }: { scheme: SchemeId }) {
  const theme = useStore(themeStore, state => state.theme)
  const style = schemeStyle(scheme, theme)
  return (
    <svg className="mark" viewBox="0 0 24 12" aria-hidden="true">
      <line
        x1="0"
        x2="24"
        y1="6"
        y2="6"
        stroke={style.colour}
        strokeWidth="1.5"
        strokeDasharray={style.dash.join(' ')}
      />
      <path
        d={paths[style.marker]}
        stroke={style.colour}
        strokeWidth="1.5"
        fill={style.hollow ? 'var(--ground)' : style.colour}
      />
    </svg>
  )
}
