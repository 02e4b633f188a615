import type { SchemeId } from '../../contract/schemes.ts'
import { SchemeMark } from './SchemeMark.tsx'

/** A scheme's mark and name, as tables show it. */
export function SchemeName({ scheme }: { scheme: SchemeId }) {
  return (
    <span className="scheme">
      <SchemeMark scheme={scheme} />
      {scheme}
    </span>
  )
}
