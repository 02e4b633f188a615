import type { SidesComparison } from '../../contract/comparison.ts'
import { visibleText } from '../../findings/words/foreignText.ts'
import { ScrollX } from '../controls/ScrollX.tsx'

/** What besides the schemes is not the same in all of them. */
export function DifferenceTable({ comparison }: { comparison: SidesComparison }) {
  const { sides, differences } = comparison
  if (differences.length === 0) {
    return <p className="quiet">Nothing else differs: the same target, machine and options.</p>
  }
  return (
    <section aria-label="What else differs">
      <h2>What else differs</h2>
      <ScrollX label="Differences">
        <table className="pairs" aria-label="What else differs">
          <thead>
            <tr>
              <th scope="col">what</th>
              {sides.map(side => (
                <th key={side.title} scope="col">
                  {side.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differences.map(({ what, values }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                {sides.map((side, place) => (
                  <td key={side.title} className={values[place] === values[0] ? 'figures quiet' : 'figures'}>
                    {visibleText(values[place] ?? '')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  )
}
