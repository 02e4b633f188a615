import type { ParameterId, ParameterValues } from '../../contract/profile.ts'
import { fitLeastSquares } from '../leastSquares.ts'
import { searchParameters } from '../parameterSearch.ts'
import { type PublishedFigure, publishedSources } from './publishedData.ts'
import { simulatedFigureNs, tellingDifference } from './publishedTable.ts'

/** The parameters that are fitted to the published table; everything else has a source of its own or is assumed. */
export const fittedToTable: readonly ParameterId[] = [
  'storageBytesPerSecond',
  'storageLatencyNs',
  'longReadSlowdown',
  'pageCacheInsertPageNs',
  'openNs',
  'separateMapNs',
  'heapZeroPageNs',
  'shmemPageNs',
  'udmabufSetupNs',
  'pinPageNs',
  'copyToHeapPageNs',
  'copyToShmemPageNs',
  'heapFaultPageNs',
  'sendfileSetupNs',
  'pipeRoundNs',
  'readerWakeNs',
  'earlyWaitNs',
  'shortFileSlowdown',
]
/** The one parameter more that the series under memory pressure gets. */
export const fittedToPressure: ParameterId = 'reclaimPageNs'

const tableSeries = 'v2-2024-07-30'
const pressureSeries = 'v1-2024-07-11'

/** The figures of 2024: the table with its follow-up, and the series with and without memory pressure. */
export function figures2024(): PublishedFigure[] {
  return publishedSources()
    .filter(source => source.id === tableSeries || source.id === pressureSeries)
    .flatMap(source => source.figures)
}

export function isTableCell(figure: PublishedFigure): boolean {
  return figure.series === tableSeries && figure.scheme !== 'udmabuf-async-direct'
}

/** How far off a figure may be: a little inside what is promised, so that the promise holds with room. */
function allowedError(figure: PublishedFigure): number {
  if (isTableCell(figure)) return 0.165
  if (figure.series === tableSeries) return 0.12
  if (figure.pressureBytes > 0) return 0.2
  return figure.scheme === 'normal-mmap-copy' ? 0.5 : 0.12
}

/** Figures beside the table guide the fit a little; they are there to be predicted. */
function weightOf(figure: PublishedFigure): number {
  return isTableCell(figure) ? 1 : 0.3
}

/** By how much two simulated times must differ so that their order is safe. */
const safeRatio = 1.015

/** Mean relative error, and the broken promises on top of it. */
function fitCost(figures: readonly PublishedFigure[], simulated: readonly number[]): number {
  let cost = 0
  for (const [at, figure] of figures.entries()) {
    const error = Math.abs(Math.log((simulated[at] ?? 1) / figure.publishedNs))
    cost += error * weightOf(figure) ** 2 + 5 * Math.max(0, error - allowedError(figure))
  }
  for (const [fastAt, fast] of figures.entries()) {
    for (const [slowAt, slow] of figures.entries()) {
      const told = slow.publishedNs > fast.publishedNs * (1 + tellingDifference)
      if (!told || slow.bytes !== fast.bytes || slow.series !== fast.series) continue
      if (slow.condition !== fast.condition) continue
      cost += 5 * Math.max(0, safeRatio - (simulated[slowAt] ?? 1) / (simulated[fastAt] ?? 1))
    }
  }
  return cost
}

export type FitEffort = { readonly iterations: number; readonly evaluations: number }

/** Fits to the given figures: least squares first, then a search that also keeps worst cells and orders in bounds. */
export function fitToFigures(
  figures: readonly PublishedFigure[],
  start: ParameterValues,
  effort: FitEffort,
): ParameterValues {
  const fitted = [...fittedToTable, fittedToPressure]
  const simulate = (values: ParameterValues) => figures.map(figure => simulatedFigureNs(figure, values) ?? 1)
  const near = fitLeastSquares({
    start,
    fitted,
    targets: figures.map(figure => ({ ns: figure.publishedNs, weight: weightOf(figure) })),
    simulate,
    maxIterations: effort.iterations,
  })
  const cost = (values: ParameterValues) => fitCost(figures, simulate(values))
  return searchParameters({ start: near, searched: fitted, cost, evaluations: effort.evaluations })
}
