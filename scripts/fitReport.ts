import { fittedParameters, type ParameterValues, type Profile, valuesOf } from '../contract/profile.ts'
import { formatSize } from '../contract/size.ts'
import { percentText, signedPercentText } from '../findings/words/figureText.ts'
import type { PublishedFigure } from '../model/published/publishedData.ts'
import { figures2024, isTableCell } from '../model/published/publishedFit.ts'
import { publishedTable, simulatedFigureNs } from '../model/published/publishedTable.ts'
import { markdownTable } from './markdownTable.ts'

/** A refit without some figures. */
export type LeftOut = {
  readonly key: 'bytes' | 'scheme'
  readonly kind: string
  readonly figures: readonly PublishedFigure[]
  readonly values: ParameterValues
}

/** What the fit reached and what it does when a size or a scheme is left out, as Markdown. */
export function fitReport(profile: Profile, leftOut: readonly LeftOut[]): string {
  const values = valuesOf(profile)
  const cells = figures2024().filter(isTableCell)
  const errors = cells.map(cell => Math.abs(errorOf(cell, values)))
  const pairs = publishedTable(() => profile)
    .filter(series => series.cells.some(isTableCell))
    .flatMap(series => series.pairs)
  const kept = pairs.filter(pair => pair.kept).length
  return [
    `${fittedParameters(profile).length} fitted parameters. Over the ${cells.length} cells of the table: mean error ${percentText(mean(errors))}, worst ${percentText(Math.max(...errors))}. Of ${pairs.length} pairs that differ by more than 6 % in the source, ${kept} come out in the published order.`,
    markdownTable(
      ['scheme', ...new Set(cells.map(cell => formatSize(cell.bytes)))],
      [...new Set(cells.map(cell => cell.scheme))].map(scheme => [
        scheme ?? '',
        ...cells.filter(cell => cell.scheme === scheme).map(cell => signedPercentText(errorOf(cell, values))),
      ]),
    ),
    'Beside the table:',
    markdownTable(
      ['series', 'scheme', 'condition', 'published', 'simulated', 'error'],
      figures2024()
        .filter(figure => !isTableCell(figure))
        .map(figure => [
          figure.series,
          figure.scheme ?? '',
          figure.condition,
          seconds(figure.publishedNs),
          seconds(simulatedFigureNs(figure, values) ?? 0),
          signedPercentText(errorOf(figure, values)),
        ]),
    ),
    'Refitted without a size or a scheme, the mean error on what was left out:',
    markdownTable(
      ['left out', 'figures', 'mean error', 'worst'],
      leftOut.map(({ key, kind, figures, values: refitted }) => {
        const out = figures.map(figure => Math.abs(errorOf(figure, refitted)))
        const name = key === 'bytes' ? formatSize(Number(kind)) : kind
        return [name, String(out.length), percentText(mean(out)), percentText(Math.max(...out))]
      }),
    ),
  ].join('\n\n')
}

function errorOf(figure: PublishedFigure, values: ParameterValues): number {
  return (simulatedFigureNs(figure, values) ?? 0) / figure.publishedNs - 1
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function seconds(ns: number): string {
  return `${(ns / 1e9).toFixed(3)} s`
}
