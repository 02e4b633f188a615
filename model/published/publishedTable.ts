import { seriesGatherBytes } from '../../contract/plan.ts'
import { type ParameterValues, type Profile, valuesOf } from '../../contract/profile.ts'
import type { OrderedPair, PublishedCell, PublishedSeries } from '../../contract/published.ts'
import { noNoise } from '../simulation/machine/noise.ts'
import { simulateLoad } from '../simulation/simulateLoad.ts'
import { type PublishedFigure, publishedSources, type SourceSeries } from './publishedData.ts'

/** Published times that differ by more than this must come out in the published order. */
export const tellingDifference = 0.06

/**
 * Every published figure beside the simulated one, without the profile's noise.
 * @param profileFor finds the profile that stands for a series' device.
 */
export function publishedTable(profileFor: (name: string) => Profile): PublishedSeries[] {
  return publishedSources().map(source => compareSeries(source, profileFor(source.profile)))
}

function compareSeries(source: SourceSeries, profile: Profile): PublishedSeries {
  const values = valuesOf(profile)
  const cells = ranked(source.figures.map(figure => compareFigure(figure, values)))
  const errors = cells.flatMap(cell => (cell.error === null ? [] : [Math.abs(cell.error)]))
  return {
    id: source.id,
    title: source.title,
    setup: source.setup,
    profile: profile.name,
    cells,
    pairs: orderedPairs(cells),
    meanError: errors.length === 0 ? null : errors.reduce((sum, error) => sum + error, 0) / errors.length,
    worstError: errors.length === 0 ? null : Math.max(...errors),
    remarks: [...source.remarks],
  }
}

function compareFigure(figure: PublishedFigure, values: ParameterValues): UnrankedCell {
  const simulatedNs = simulatedFigureNs(figure, values)
  return {
    ...figure,
    simulatedNs,
    error: simulatedNs === null ? null : simulatedNs / figure.publishedNs - 1,
    why: simulatedNs === null ? 'the lab has no such scheme' : '',
  }
}

/** What the simulation says of a published figure, in ns; `null` where the lab has no such scheme. */
export function simulatedFigureNs(figure: PublishedFigure, values: ParameterValues): number | null {
  if (figure.scheme === null) return null
  const load = {
    bytes: figure.bytes / figure.buffers,
    gatherBytes: seriesGatherBytes,
    readers: 1,
    hugePages: false,
  }
  const conditions = { pressureBytes: figure.pressureBytes, noise: noNoise }
  return simulateLoad(values, figure.scheme, load, conditions).times.totalNs * figure.buffers
}

type UnrankedCell = Omit<PublishedCell, 'publishedRank' | 'simulatedRank'>

function isComparable(a: UnrankedCell, b: UnrankedCell): boolean {
  return a.bytes === b.bytes && a.condition === b.condition
}

function ranked(cells: readonly UnrankedCell[]): PublishedCell[] {
  return cells.map(cell => {
    const { simulatedNs } = cell
    if (simulatedNs === null) return { ...cell, publishedRank: null, simulatedRank: null }
    const rivals = cells.filter(other => isComparable(cell, other) && other.simulatedNs !== null)
    const faster = rivals.filter(other => other.publishedNs < cell.publishedNs)
    const simulatedFaster = rivals.filter(other => (other.simulatedNs ?? simulatedNs) < simulatedNs)
    return { ...cell, publishedRank: faster.length + 1, simulatedRank: simulatedFaster.length + 1 }
  })
}

/** Every two schemes that the source tells apart, and whether the simulation keeps their order. */
function orderedPairs(cells: readonly PublishedCell[]): OrderedPair[] {
  return cells.flatMap(fast =>
    cells.flatMap(slow => {
      const comparable = isComparable(fast, slow)
      const told = slow.publishedNs > fast.publishedNs * (1 + tellingDifference)
      if (!comparable || !told || fast.scheme === null || slow.scheme === null) return []
      if (fast.simulatedNs === null || slow.simulatedNs === null) return []
      const { series, bytes, condition } = fast
      const kept = slow.simulatedNs > fast.simulatedNs
      return [{ series, bytes, condition, faster: fast.scheme, slower: slow.scheme, kept }]
    }),
  )
}
