import { schemeOf } from '../contract/schemes.ts'
import { GiB } from '../contract/size.ts'
import { type Cell, medianOf } from './cells.ts'
import { sizeText, timeText } from './words/figureText.ts'

/**
 * What a load costs beside its own time, as medians; `null` where it was not told. Times in ns. How many bytes are copied
 * and mapped follows from how the scheme fills its buffer; how many stay in the page cache was counted.
 */
export type LoadCosts = {
  readonly cell: Cell
  /** Processor time for each GiB loaded. */
  readonly cpuNsPerGiB: number | null
  readonly residentBytes: number | null
  readonly copiedBytes: number
  readonly mappedBytes: number
  /** Until a device of the kernel module may read the buffer, by itself and after the load. */
  readonly importNs: number | null
  readonly untilReadableNs: number | null
  /** Runs of addresses that the device is given. */
  readonly segments: number | null
  /** The same importing by the kernel's virtual GPU. */
  readonly vgemNs: number | null
}

export function loadCostsOf(cell: Cell): LoadCosts {
  const figure = (name: string) => medianOf(cell, sample => sample.figures[name] ?? null)
  const cpuNs = figure('cpuNs')
  return {
    cell,
    cpuNsPerGiB: cpuNs === null ? null : (cpuNs * GiB) / cell.bytes,
    residentBytes: figure('residentBytesAfter'),
    ...bytesMoved(cell),
    importNs: figure('importNs'),
    untilReadableNs: medianOf(cell, ({ totalNs, figures }) =>
      figures.importNs === undefined ? null : totalNs + figures.importNs,
    ),
    segments: figure('importSegments'),
    vgemNs: figure('vgemImportNs'),
  }
}

/**
 * A buffered read copies out of the page cache, and a pipe into the buffer; a direct read does neither. A process maps
 * what it reads into, and a copy from the mapped file that file as well.
 */
function bytesMoved({ scheme, bytes }: Cell): { copiedBytes: number; mappedBytes: number } {
  const { ioMode, fill } = schemeOf(scheme)
  const copies = ioMode === 'buffered' || fill === 'sendfile'
  const mapped = fill === 'mmap-copy' ? 2 : fill === 'read' || fill === 'dontcache' ? 1 : 0
  return { copiedBytes: copies ? bytes : 0, mappedBytes: mapped * bytes }
}

export const loadCostTitle = 'What a load costs beside its time'

/** The heads of the columns behind size and scheme, in the order of {@link loadCostFields}. */
export const loadCostTitles = [
  'CPU per GiB',
  'resident after',
  'copied',
  'mapped',
  'import: module',
  'import: vgem',
  'segments',
  'until a device may read',
] as const

export function loadCostFields(costs: LoadCosts): string[] {
  const time = (ns: number | null) => (ns === null ? '-' : timeText(ns))
  return [
    time(costs.cpuNsPerGiB),
    costs.residentBytes === null ? '-' : sizeText(costs.residentBytes),
    sizeText(costs.copiedBytes),
    sizeText(costs.mappedBytes),
    time(costs.importNs),
    time(costs.vgemNs),
    costs.segments === null ? '-' : String(costs.segments),
    time(costs.untilReadableNs),
  ]
}

export const loadCostNote =
  'Medians. Copied and mapped follow from how a scheme fills its buffer; the rest was measured. Each dma-buf is imported after its load: attach, map and sync.'
