import { type Family, type SchemeId, schemeOf } from '../../contract/schemes.ts'
import { SchemeName } from '../style/SchemeName.tsx'
import { familyTitles } from '../style/schemeStyle.ts'

/** Which lines of a chart are drawn, and which one stands out. */
export type Emphasis = {
  readonly folded: ReadonlySet<Family>
  /** Chosen to stand alone. */
  readonly alone: SchemeId | null
  /** Under the pointer or the focus. */
  readonly pointed: SchemeId | null
}

export const evenEmphasis: Emphasis = { folded: new Set(), alone: null, pointed: null }

export function isFolded({ folded }: Emphasis, scheme: SchemeId): boolean {
  return folded.has(schemeOf(scheme).family)
}

/** Whether a line steps back behind another. */
export function isFaded({ alone, pointed }: Emphasis, scheme: SchemeId): boolean {
  const first = pointed ?? alone
  return first !== null && first !== scheme
}

type Props = {
  readonly schemes: readonly SchemeId[]
  readonly emphasis: Emphasis
  readonly onEmphasis: (emphasis: Emphasis) => void
}

/** The lines by family: a family folds, a line stands out while it is pointed at, and alone once it is chosen. */
export function SchemeKey({ schemes, emphasis, onEmphasis }: Props) {
  const families = [...Map.groupBy(schemes, scheme => schemeOf(scheme).family)]
  return (
    <fieldset className="scheme-key" aria-label="Lines">
      {families.map(([family, own]) => (
        <span className="lines" key={family}>
          {families.length > 1 && (
            <button
              type="button"
              className="plain"
              aria-expanded={!emphasis.folded.has(family)}
              onClick={() => onEmphasis({ ...emphasis, folded: toggledIn(emphasis.folded, family) })}
            >
              {emphasis.folded.has(family) ? '▸' : '▾'} {familyTitles[family]}
              {emphasis.folded.has(family) && ` (${own.length})`}
            </button>
          )}
          {!emphasis.folded.has(family) &&
            own.map(scheme => (
              <button
                type="button"
                className={isFaded(emphasis, scheme) ? 'plain faded' : 'plain'}
                key={scheme}
                aria-pressed={emphasis.alone === scheme}
                onClick={() =>
                  onEmphasis({ ...emphasis, alone: emphasis.alone === scheme ? null : scheme, pointed: null })
                }
                onPointerEnter={() => onEmphasis({ ...emphasis, pointed: scheme })}
                onPointerLeave={() => onEmphasis({ ...emphasis, pointed: null })}
                onFocus={() => onEmphasis({ ...emphasis, pointed: scheme })}
                onBlur={() => onEmphasis({ ...emphasis, pointed: null })}
              >
                <SchemeName scheme={scheme} />
              </button>
            ))}
        </span>
      ))}
    </fieldset>
  )
}

function toggledIn(families: ReadonlySet<Family>, family: Family): ReadonlySet<Family> {
  const others = [...families].filter(other => other !== family)
  return new Set(families.has(family) ? others : [...others, family])
}
