import type { SchemeId } from '../../contract/schemes.ts'
import { GiB } from '../../contract/size.ts'
import { publishedSources, type SourceSeries } from '../../model/published/publishedData.ts'

/** A published figure of a scheme at a size: what a GiB cost, and where it was told. */
export type PublishedCost = { readonly ns: number; readonly title: string }

/** Checked once, when the first picture is drawn. */
let sources: readonly SourceSeries[] | null = null

/** Into one buffer and without memory pressure, as the lab measures; on the devices of their authors. */
export function publishedCosts(scheme: SchemeId, bytes: number): PublishedCost[] {
  sources ??= publishedSources()
  return sources.flatMap(({ title, figures }) =>
    figures
      .filter(
        figure =>
          figure.scheme === scheme &&
          figure.bytes === bytes &&
          figure.buffers === 1 &&
          figure.pressureBytes === 0,
      )
      .map(({ publishedNs }) => ({ ns: (publishedNs * GiB) / bytes, title })),
  )
}
