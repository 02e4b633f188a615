import type { CellSummary, SidesComparison } from '../../contract/comparison.ts'
import { comparisonSentences } from '../comparisonSentences.ts'
import { pText, ratioNote, ratioText } from '../comparisonText.ts'
import { sizeText, timeText } from '../words/figureText.ts'
import { markdownText, markupText } from '../words/foreignText.ts'
import { htmlPage, htmlTable, paragraph, section } from './htmlPage.ts'
import { markdownTable } from './markdownTable.ts'
import { ratioSvgOf } from './ratioSvg.ts'
import type { Column, Table } from './reportTables.ts'

const simulatedText = 'Figures of these sides are simulated and not measured:'

export function comparisonMarkdownOf(comparison: SidesComparison): string {
  const [first, ...others] = comparisonSentences(comparison)
  const { warnings, differences, comparisons } = comparison
  const sections = [
    `# ${markdownText(first ?? '')}`,
    ...others.map(markdownText),
    ...simulatedSides(comparison).map(sides => `> **SIM** ${simulatedText} ${markdownText(sides)}.`),
    ...(warnings.length === 0 ? [] : [warnings.map(warning => `- ${markdownText(warning)}`).join('\n')]),
    ...['## Sides', markdownTable(sidesTable(comparison))],
    ...(differences.length === 0 ? [] : ['## What differs', markdownTable(differencesTable(comparison))]),
    ...['## Schemes and sizes', markdownTable(rowsTable(comparison))],
    ...(comparisons === 0 ? [] : [ratioNote]),
  ]
  return `${sections.join('\n\n')}\n`
}

/** The same in one file, with the chart of its ratios. */
export function comparisonHtmlOf(comparison: SidesComparison): string {
  const [first, ...others] = comparisonSentences(comparison)
  const { sides, warnings, differences, comparisons } = comparison
  const title = `${sides.map(side => side.title).join(', ')}: dmabuf-lab comparison`
  return htmlPage(title, [
    ...simulatedSides(comparison).map(
      names => `<p class="sim"><b>SIM</b> ${markupText(`${simulatedText} ${names}.`)}</p>`,
    ),
    `<h1>${markupText(first ?? '')}</h1>`,
    ...others.map(sentence => paragraph(sentence)),
    ...(warnings.length === 0
      ? []
      : [`<ul>${warnings.map(warning => `<li>${markupText(warning)}</li>`).join('')}</ul>`]),
    ...section('Sides', htmlTable(sidesTable(comparison))),
    ...(differences.length === 0 ? [] : section('What differs', htmlTable(differencesTable(comparison)))),
    ...(comparisons === 0 ? [] : section('Ratio of times', `<figure>${ratioSvgOf(comparison)}</figure>`)),
    ...section('Schemes and sizes', htmlTable(rowsTable(comparison))),
    ...(comparisons === 0 ? [] : [paragraph(ratioNote, 'note')]),
  ])
}

function simulatedSides({ sides }: SidesComparison): string[] {
  const simulated = sides.filter(side => side.simulated).map(side => side.title)
  return simulated.length === 0 ? [] : [simulated.join(', ')]
}

const left = (title: string): Column => ({ title, align: 'left' })
const right = (title: string): Column => ({ title, align: 'right' })

function sidesTable({ sides }: SidesComparison): Table {
  return {
    columns: [left('side'), left('device'), left('source')],
    rows: sides.map(({ title, device, simulated }) => [title, device, simulated ? 'SIM' : 'measured']),
  }
}

function differencesTable({ sides, differences }: SidesComparison): Table {
  return {
    columns: [left('what'), ...sides.map(side => left(side.title))],
    rows: differences.map(({ what, values }) => [what, ...values]),
  }
}

function rowsTable({ sides, rows }: SidesComparison): Table {
  const named = rows.some(row => row.scheme !== null)
  return {
    columns: [
      ...(named ? [left('scheme')] : []),
      right('size'),
      ...sides.flatMap(({ title }, place) => [
        right(title),
        ...(place === 0 ? [] : [right('time ratio'), left('verdict'), right('corrected p')]),
      ]),
    ],
    rows: rows.map(({ scheme, bytes, cells, ratios }) => [
      ...(named ? [scheme ?? ''] : []),
      sizeText(bytes),
      ...sides.flatMap((_, place) => {
        const ratio = ratios[place] ?? null
        const judged =
          ratio === null ? ['-', '-', '-'] : [ratioText(ratio), ratio.verdict, pText(ratio.adjustedPValue)]
        return [medianText(cells[place] ?? null), ...(place === 0 ? [] : judged)]
      }),
    ]),
  }
}

function medianText(cell: CellSummary | null): string {
  return cell === null
    ? '-'
    : `${timeText(cell.medianNs)} (${timeText(cell.lowNs)} to ${timeText(cell.highNs)})`
}
