import { type ReactNode, useMemo } from 'react'
import { type Cell, sizesOf } from '../../findings/cells.ts'
import { sizeText } from '../../findings/words/figureText.ts'
import { useSetting } from '../base/useRoute.ts'
import { Segments } from '../controls/Segments.tsx'

type Props = {
  /** The section's name for assistive technology. */
  readonly label: string
  readonly title: string
  readonly cells: readonly Cell[]
  readonly children: (bytes: number) => ReactNode
}

/** A section about one measured size at a time: the largest, until another is chosen for all of them. */
export function SectionBySize({ label, title, cells, children }: Props) {
  const sizes = useMemo(() => sizesOf(cells), [cells])
  const [chosen, choose] = useSetting('size')
  const bytes = sizes.find(size => String(size) === chosen) ?? sizes.at(-1) ?? 0
  return (
    <section aria-label={label}>
      <div className="row">
        <h2>{title}</h2>
        <span className="spring" />
        <Segments
          label="Size"
          options={sizes.map(value => ({ value, title: sizeText(value) }))}
          chosen={bytes}
          onChoose={size => choose(String(size))}
        />
      </div>
      {children(bytes)}
    </section>
  )
}
