import type { RunComparison, SidesComparison } from '../contract/comparison.ts'
import type { RunDetail } from '../contract/run.ts'
import { compareSides } from './compareSides.ts'

/** Two runs, scheme by scheme and size by size: `candidate` judged against `baseline`. */
export function compareRuns(baseline: RunDetail, candidate: RunDetail): RunComparison {
  const sides = [baseline, candidate].map(detail => ({
    detail,
    scheme: null,
    device: detail.run.plan.target,
  }))
  return asTwoRuns(compareSides(sides))
}

/** A comparison of two sides, each place by its name. */
export function asTwoRuns({
  sides,
  rows,
  comparisons,
  differences,
  warnings,
}: SidesComparison): RunComparison {
  const [baseline, candidate] = sides
  if (baseline === undefined || candidate === undefined) throw new RangeError('a comparison has two sides')
  return {
    baseline: baseline.runId,
    candidate: candidate.runId,
    rows: rows.flatMap(({ scheme, bytes, cells, ratios }) =>
      scheme === null
        ? []
        : [
            {
              scheme,
              bytes,
              baseline: cells[0] ?? null,
              candidate: cells[1] ?? null,
              ratio: ratios[1] ?? null,
            },
          ],
    ),
    comparisons,
    differences: differences.map(({ what, values: [before = '', after = ''] }) => ({
      what,
      baseline: before,
      candidate: after,
    })),
    warnings,
  }
}
