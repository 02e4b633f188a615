import type { Phase } from '../../contract/sample.ts'
import { phaseColours } from '../../findings/drawing/palette.ts'
import { useStore } from '../base/store.ts'
import { themeStore } from '../base/theme.ts'

/** The colours of the phases in use. */
export function PhaseKey({ phases }: { phases: readonly Phase[] }) {
  const theme = useStore(themeStore, state => state.theme)
  return (
    <ul className="key" aria-label="Phases">
      {phases.map(phase => (
        <li key={phase}>
          <svg viewBox="0 0 12 12" aria-hidden="true">
            {phase === 'wait' ? (
              <path className="hatched" d="M0 12L12 0M0 6L6 0M6 12L12 6" />
            ) : (
              <rect width="12" height="12" fill={phaseColours[theme][phase]} />
            )}
          </svg>
          {phase}
        </li>
      ))}
    </ul>
  )
}
