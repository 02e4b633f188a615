import type { RunDetail } from '../contract/run.ts'
import type { SchemeId } from '../contract/schemes.ts'
import { GiB, MiB } from '../contract/size.ts'
import { type Cell, cellsOf } from '../findings/cells.ts'
import { msText, rateText, sizeText, threeDigits } from '../findings/words/figureText.ts'
import { gatherText } from '../findings/words/planRows.ts'
import { type PublishedFigure, publishedSources } from '../model/published/publishedData.ts'
import { tellingDifference } from '../model/published/publishedTable.ts'
import { intervalText } from './kernelOrUserSpaceTables.ts'
import { markdownTable } from './markdownTable.ts'

const series = 'v2-2024-07-30'
/** What a virtual device has room for stands beside the published size that it can stand for. */
const sizePairs = [
  { publishedBytes: GiB, bytes: 256 * MiB },
  { publishedBytes: 8 * MiB, bytes: 8 * MiB },
]
/** A run with fewer of the published schemes says nothing of their order. */
const fewestSchemes = 6

type Row = { readonly scheme: SchemeId; readonly figure: PublishedFigure; readonly cell: Cell }

/** The published order beside the measured one, for every run that has most of the published schemes. */
export function publishedOrder(runs: readonly RunDetail[]): string {
  const source = publishedSources().find(({ id }) => id === series)
  const sections = runs.flatMap((run, index) =>
    sizePairs.flatMap(sizes => {
      const rows = rowsOf(run, sizes, source?.figures ?? [])
      return rows.length < fewestSchemes ? [] : [section(run, index + 1, sizes, rows)]
    }),
  )
  return sections.length === 0
    ? 'No run has enough of the published schemes.'
    : [
        `Published: ${source?.title ?? series}, ${source?.setup ?? ''}. \`x\`: time over that of the fastest in the column before. \`sendfile-*\` is emulated by the module, see [what is emulated](kernel-module.md#what-is-emulated-and-what-differs-from-the-series).`,
        ...sections,
      ].join('\n\n')
}

function rowsOf(
  { samples }: RunDetail,
  { publishedBytes, bytes }: (typeof sizePairs)[number],
  figures: readonly PublishedFigure[],
): Row[] {
  return cellsOf(samples)
    .filter(cell => cell.bytes === bytes)
    .flatMap(cell => {
      const figure = figures.find(each => each.scheme === cell.scheme && each.bytes === publishedBytes)
      return figure === undefined ? [] : [{ scheme: cell.scheme, figure, cell }]
    })
    .sort((a, b) => a.figure.publishedNs - b.figure.publishedNs)
}

function section(
  { run }: RunDetail,
  number: number,
  sizes: (typeof sizePairs)[number],
  rows: readonly Row[],
): string {
  const measured = [...rows].sort((a, b) => a.cell.summary.median - b.cell.summary.median)
  const pairs = rows.flatMap((fast, index) =>
    rows
      .slice(index + 1)
      .filter(slow => slow.figure.publishedNs > fast.figure.publishedNs * (1 + tellingDifference))
      .map(slow => measured.indexOf(fast) < measured.indexOf(slow)),
  )
  const fastestPublishedNs = Math.min(...rows.map(({ figure }) => figure.publishedNs))
  const fastestNs = Math.min(...rows.map(({ cell }) => cell.summary.median))
  const disk = run.ceiling === null ? '' : `, disk at ${rateText(run.ceiling.bytesPerSecond)}`
  const setting = `${sizeText(sizes.bytes)}, gather ${gatherText(run.plan)}${disk}`
  return [
    `### ${sizeText(sizes.bytes)} here, ${sizeText(sizes.publishedBytes)} there`,
    `Measured in run ${number} at ${setting}. Of ${pairs.length} pairs that differ by more than ${tellingDifference * 100} % in the source, ${pairs.filter(Boolean).length} come out in the published order.`,
    markdownTable(
      ['scheme', 'published as', 'published ms', 'x', 'rank', 'measured ms', 'x', 'rank'],
      rows.map((row, index) => [
        row.cell.samples.some(sample => sample.marks.includes('emulated'))
          ? `${row.scheme} (emulated)`
          : row.scheme,
        row.figure.publishedName,
        msText(row.figure.publishedNs),
        threeDigits(row.figure.publishedNs / fastestPublishedNs),
        `${index + 1}`,
        intervalText(row.cell),
        threeDigits(row.cell.summary.median / fastestNs),
        `${measured.indexOf(row) + 1}`,
      ]),
    ),
  ].join('\n\n')
}
