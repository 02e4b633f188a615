import { z } from 'zod'
import { type SchemeId, schemeIdSchema } from '../../contract/schemes.ts'
import { bytesSchema, GiB, MiB, nsSchema, parseSize } from '../../contract/size.ts'
import proposals2025 from './dma-buf-direct-2025.json' with { type: 'json' }
import heapRead2024 from './dma-heap-read-2024.json' with { type: 'json' }

/** One figure of the mailing lists. */
export type PublishedFigure = {
  readonly series: string
  /** `null`: the lab has no such scheme. */
  readonly scheme: SchemeId | null
  readonly publishedName: string
  readonly bytes: number
  readonly buffers: number
  readonly condition: string
  readonly pressureBytes: number
  readonly publishedNs: number
}

export type SourceSeries = {
  readonly id: string
  readonly title: string
  readonly setup: string
  /** The profile that stands for its device. */
  readonly profile: string
  readonly figures: readonly PublishedFigure[]
  readonly remarks: readonly string[]
}

const series2024Schema = z.object({
  id: z.string(),
  title: z.string(),
  setup: z.record(z.string(), z.string()),
  sizes: z.array(z.string().transform(parseSize)),
})
const cellsSchema = z.record(z.string(), z.array(nsSchema))
const tableSchema = series2024Schema.extend({
  totals: cellsSchema,
  publishedNames: z.record(z.string(), z.string()),
  breakdown: z.object({
    scheme: schemeIdSchema,
    size: z.string().transform(parseSize),
    allocNs: nsSchema,
    vmapNs: nsSchema,
    readNs: nsSchema,
  }),
  followUp: z.object({
    scheme: schemeIdSchema,
    size: z.string().transform(parseSize),
    totalNs: nsSchema,
    note: z.string(),
  }),
})
const pressureSeriesSchema = series2024Schema.extend({ totals: z.record(z.string(), cellsSchema) })
const heapRead2024Schema = z.object({ series: z.tuple([tableSchema, pressureSeriesSchema]) })
const proposals2025Schema = z.object({
  series: z.array(
    z.object({
      id: z.string(),
      columns: z.array(z.string()),
      rows: z.record(z.string(), z.array(bytesSchema)),
      notes: z.array(z.string()).optional(),
    }),
  ),
})

/** What the lab runs for a row of the 2025 proposals. Rows that are not here name ways that the lab does not have. */
const schemes2025: Readonly<Record<string, SchemeId>> = {
  'udmabuf buffered read': 'udmabuf-buffered',
  'udmabuf direct read': 'udmabuf-direct',
  'udmabuf+memfd direct read': 'udmabuf-direct',
  'dma-heap buffered read': 'normal',
  'dma-heap direct (patched ioctl)': 'copy-file-range-direct',
  'dma-heap direct copy_file_range': 'copy-file-range-direct',
  'memfd buffered read': 'memfd-buffered',
  'memfd direct read': 'memfd-direct',
}

/** Every published series, in the order of their dates. */
export function publishedSources(): readonly SourceSeries[] {
  const [table, pressure] = heapRead2024Schema.parse(heapRead2024).series
  const proposals = proposals2025Schema.parse(proposals2025).series
  return [pressureSeries(pressure), tableSeries(table), ...proposals.map(proposalSeries)]
}

function setupText(setup: Readonly<Record<string, string>>): string {
  return Object.entries(setup)
    .map(([key, value]) => `${key}: ${value}`)
    .join('; ')
}

function tableSeries(source: z.infer<typeof tableSchema>): SourceSeries {
  const common = { series: source.id, buffers: 1, condition: 'no pressure', pressureBytes: 0 }
  const figures = Object.entries(source.totals).flatMap(([scheme, cells]) =>
    source.sizes.map((bytes, at) => ({
      ...common,
      scheme: schemeIdSchema.parse(scheme),
      publishedName: source.publishedNames[scheme] ?? scheme,
      bytes,
      publishedNs: nsSchema.parse(cells[at]),
    })),
  )
  const { followUp } = source
  const followUpFigure = {
    ...common,
    scheme: followUp.scheme,
    publishedName: 'udmabuf with a reader thread (follow-up)',
    bytes: followUp.size,
    publishedNs: followUp.totalNs,
  }
  return {
    id: source.id,
    title: source.title,
    setup: setupText(source.setup),
    profile: 'ufs4-phone-2024',
    figures: [...figures, followUpFigure],
    remarks: tableRemarks(source),
  }
}

function tableRemarks({ totals, sizes, breakdown }: z.infer<typeof tableSchema>): string[] {
  const sumNs = breakdown.allocNs + breakdown.vmapNs + breakdown.readNs
  const tableNs = totals[breakdown.scheme]?.[sizes.indexOf(breakdown.size)] ?? sumNs
  const seconds = (ns: number) => `${(ns / 1e9).toFixed(2)} s`
  const slower = Object.values(totals).filter(cells => {
    const [oneGiB, threeGiB] = [cells[sizes.indexOf(GiB)], cells[sizes.indexOf(3 * GiB)]]
    return oneGiB !== undefined && threeGiB !== undefined && oneGiB > threeGiB / 3
  })
  return [
    `The breakdown of one ${breakdown.scheme} run adds up to ${seconds(sumNs)}, but the table says ${seconds(tableNs)}: the source's own spread is ${Math.round((1 - sumNs / tableNs) * 100)} %.`,
    `In ${slower.length} of ${Object.keys(totals).length} schemes 1 GiB takes more than a third of 3 GiB. No mechanism explains it; shortFileSlowdown stands for it.`,
    'read-sync-direct reads 3 GiB at a fraction of the speed of read-async-direct. No cause is known; longReadSlowdown stands for it.',
  ]
}

function pressureSeries(source: z.infer<typeof pressureSeriesSchema>): SourceSeries {
  const bytes = source.sizes[0] ?? 3 * GiB
  const figures = Object.entries(source.totals).flatMap(([condition, schemes]) =>
    Object.entries(schemes).map(([scheme, [publishedNs]]) => ({
      series: source.id,
      scheme: schemeIdSchema.parse(scheme),
      publishedName: scheme === 'normal-mmap-copy' ? 'original' : scheme,
      bytes,
      buffers: 1,
      condition,
      pressureBytes: condition === 'no pressure' ? 0 : 4 * GiB,
      publishedNs: nsSchema.parse(publishedNs),
    })),
  )
  return {
    id: source.id,
    title: source.title,
    setup: setupText(source.setup),
    profile: 'ufs4-phone-2024',
    figures,
    remarks: [
      'The "normal" of this series copies from the mapped file (normal-mmap-copy), that of the second series calls read(): 2.37 s and 3.33 s for the same 3 GiB.',
      'One run each, on an uncached heap of the vendor. read-async-direct took 1.27 s here and 1.40 s in the second series.',
    ],
  }
}

function proposalSeries(source: z.infer<typeof proposals2025Schema>['series'][number]): SourceSeries {
  const figures = Object.entries(source.rows).map(([publishedName, row]) => ({
    series: source.id,
    scheme: schemes2025[publishedName] ?? null,
    publishedName,
    bytes: 32 * 32 * MiB,
    buffers: 32,
    condition: 'no pressure',
    pressureBytes: 0,
    publishedNs: loadMs(source.columns, row) * 1e6,
  }))
  return {
    id: source.id,
    title: '2025 proposals for direct I/O into dma-bufs',
    setup: '1024 MB as 32 buffers of 32 MB; UFS 4.0 at 4 GB/s; CPU held at 1 GHz',
    profile: 'ufs4-phone-2025-1ghz',
    figures,
    remarks: [
      'Another kernel and a CPU held at 1 GHz: the profile is ufs4-phone-2024 with every CPU cost three times as high and the stated storage. Nothing is fitted to this series; its errors say how far that carries.',
      'dma-heap comes out high: its allocation did not slow down with the clock (about 50 ms a GiB), and a copy into it cost no more than into shared memory, unlike on the uncached heap of 2024.',
      ...(source.notes ?? []),
    ],
  }
}

/** Everything until the buffers are ready; closing them is apart, as in the lab's samples. */
function loadMs(columns: readonly string[], row: readonly number[]): number {
  const column = (name: string) => row[columns.indexOf(name)] ?? 0
  return columns.includes('totalMs') ? column('totalMs') : column('createMs') + column('ioMs')
}
