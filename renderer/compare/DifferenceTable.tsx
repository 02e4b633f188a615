import type { RunComparison } from '../../contract/comparison.ts'

/** What besides the schemes is not the same in both runs. */
export function DifferenceTable({ comparison }: { comparison: RunComparison }) {
  const { baseline, candidate, differences } = comparison
  if (differences.length === 0) {
    return <p className="quiet">Nothing else differs: the same target, machine and options.</p>
  }
  return (
    <section aria-label="What else differs">
      <h2>What else differs</h2>
      <table className="pairs" aria-label="What else differs">
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">run {baseline}</th>
            <th scope="col">run {candidate}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(difference => (
            <tr key={difference.what}>
              <th scope="row">{difference.what}</th>
              <td className="figures">{difference.baseline}</td>
              <td className="figures">{difference.candidate}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
