import { type ExportedRun, exportSchemaVersion, type RunDetail } from '../../contract/run.ts'
import { jsonText } from '../words/foreignText.ts'
import type { SpansOf } from './exporter.ts'
import { joinedLines } from './joinedLines.ts'

/** The whole run, as `exportedRunSchema`: one sample and one span per line, so that grep and diff are of use. */
export function jsonOf({ run, samples }: RunDetail, spansOf: SpansOf): string {
  const spanLines = samples.flatMap(sample =>
    spansOf(sample.id).map(span => spanLine({ sampleIndex: sample.index, ...span })),
  )
  return [
    `{"schemaVersion":${exportSchemaVersion},`,
    `"run":${jsonText(run)},`,
    `"samples":[${joinedLines(samples.map(jsonText))}],`,
    `"spans":[${joinedLines(spanLines)}]}`,
    '',
  ].join('\n')
}

function spanLine(span: ExportedRun['spans'][number]): string {
  return JSON.stringify(span)
}
