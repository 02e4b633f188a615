import type { ExportFormat, Run, RunDetail } from '../../contract/run.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { csvOf } from './csv.ts'
import type { Exporter, SpansOf } from './exporter.ts'
import { htmlOf } from './html.ts'
import { jsonOf } from './json.ts'
import { markdownOf } from './markdown.ts'
import { perfettoOf } from './perfetto.ts'
import { pictureSvgOf } from './pictureSvg.ts'
import { textOf } from './text.ts'

export type ExportedFile = { readonly fileName: string; readonly mediaType: string; readonly text: string }

const exporters: Record<ExportFormat, Exporter> = {
  csv: { extension: 'csv', mediaType: 'text/csv', write: csvOf },
  json: { extension: 'json', mediaType: 'application/json', write: jsonOf },
  markdown: { extension: 'md', mediaType: 'text/markdown', write: markdownOf },
  text: { extension: 'txt', mediaType: 'text/plain', write: textOf },
  html: { extension: 'html', mediaType: 'text/html', write: htmlOf },
  svg: {
    extension: 'svg',
    mediaType: 'image/svg+xml',
    write: (detail, _spans, scheme) => pictureSvgOf(detail, scheme),
  },
  perfetto: { extension: 'perfetto.json', mediaType: 'application/json', write: perfettoOf },
}

/** @throws LabFailure `bad-input` when the text would be longer than a string can be (about 512 MiB of spans). */
export function exportRun(
  detail: RunDetail,
  spansOf: SpansOf,
  format: ExportFormat,
  scheme: SchemeId | null = null,
): ExportedFile {
  const { extension, mediaType, write } = exporters[format]
  return { fileName: `${fileStem(detail.run)}.${extension}`, mediaType, text: write(detail, spansOf, scheme) }
}

/** The local number and the start of the uuid: exports of several databases can lie in one folder. */
function fileStem(run: Run): string {
  return `dmabuf-lab-run-${run.id}-${run.uuid.slice(0, 8)}`
}
