import type { RunDetail } from '../../contract/run.ts'
import type { Span } from '../../contract/sample.ts'
import type { SchemeId } from '../../contract/schemes.ts'

/** The spans of a sample by its id in the store; asked once per sample, so that a run's spans need not be held. */
export type SpansOf = (sampleId: number) => readonly Span[]

export type Exporter = {
  readonly extension: string
  readonly mediaType: string
  /** `scheme` names the pair of a picture; `null`: the one that the page opens on. */
  readonly write: (detail: RunDetail, spansOf: SpansOf, scheme: SchemeId | null) => string
}
