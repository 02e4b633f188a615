import type { ComparisonFormat, SidesComparison } from '../../contract/comparison.ts'
import { comparisonCsvOf } from './comparisonCsv.ts'
import { comparisonHtmlOf, comparisonMarkdownOf } from './comparisonReport.ts'
import { comparisonTextOf } from './comparisonText.ts'
import type { ExportedFile } from './exportRun.ts'
import { ratioSvgOf } from './ratioSvg.ts'

type Writer = {
  readonly extension: string
  readonly mediaType: string
  readonly write: (comparison: SidesComparison) => string
}

const writers: Record<ComparisonFormat, Writer> = {
  csv: { extension: 'csv', mediaType: 'text/csv', write: comparisonCsvOf },
  json: {
    extension: 'json',
    mediaType: 'application/json',
    write: comparison => `${JSON.stringify(comparison, null, 2)}\n`,
  },
  markdown: { extension: 'md', mediaType: 'text/markdown', write: comparisonMarkdownOf },
  text: { extension: 'txt', mediaType: 'text/plain', write: comparisonTextOf },
  html: { extension: 'html', mediaType: 'text/html', write: comparisonHtmlOf },
  svg: { extension: 'svg', mediaType: 'image/svg+xml', write: ratioSvgOf },
}

/** A comparison to be given to somebody. */
export function exportComparison(comparison: SidesComparison, format: ComparisonFormat): ExportedFile {
  const { extension, mediaType, write } = writers[format]
  const sides = comparison.sides.map(({ runId, scheme }) => (scheme === null ? runId : `${runId}-${scheme}`))
  return {
    fileName: `dmabuf-lab-compare-${sides.join('-')}.${extension}`,
    mediaType,
    text: write(comparison),
  }
}
