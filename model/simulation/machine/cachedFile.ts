import { type Process, Signal } from './clock.ts'
import { pagesOf } from './costs.ts'
import type { Device } from './device.ts'
import { type ScatteredStart, scatteredBetween } from './scatteredPages.ts'

/** States of a window that has no time yet: nobody has asked for it, or its pages are being put into the page cache. */
const unasked = 0
const beingInserted = Number.POSITIVE_INFINITY

/**
 * A file that is read through a cold page cache, by one reader from its start or by several in gathers. Readahead knows
 * of the file and not of gathers: whoever reaches a window has the next one put into the page cache and sent to the
 * storage, then copies this one. A reader finds what another's readahead brought, and streams that lie beside each
 * other keep their windows (mm/readahead.c, page_cache_async_ra: a marked page is enough).
 */
export class CachedFile {
  readonly #device: Device
  readonly #bytes: number
  readonly #windowBytes: number
  readonly #scattered: ScatteredStart
  readonly #pages: CachedPages
  /** When each window is in memory, or one of the states above. */
  readonly #doneAtNs: Float64Array
  readonly #submitted: Signal

  /** @param scattered the start of the file whose pages in the cache adjoin no others. */
  constructor(device: Device, bytes: number, scattered: ScatteredStart, pages: CachedPages = 'kept') {
    this.#device = device
    this.#pages = pages
    this.#bytes = bytes
    this.#windowBytes = device.costs.readaheadBytes
    this.#scattered = scattered
    const windows = Math.ceil(bytes / this.#windowBytes)
    device.clock.count(windows)
    this.#doneAtNs = new Float64Array(windows)
    this.#submitted = new Signal(device.clock)
  }

  /** Reads what lies from `from` to `to` and copies it at `copyPageNs` a page. */
  *read(from: number, to: number, copyPageNs: number): Process {
    for (let at = from; at < to; ) {
      const window = Math.floor(at / this.#windowBytes)
      if (this.#doneAtNs[window] === unasked) yield this.#bringIn(window)
      while (this.#doneAtNs[window] === beingInserted) yield this.#submitted
      yield Math.max(this.#device.clock.nowNs, this.#doneAtNs[window] ?? 0)
      if (this.#doneAtNs[window + 1] === unasked) yield this.#bringIn(window + 1)
      const end = Math.min(to, this.#endOf(window))
      yield this.#device.work(pagesOf(end - at) * copyPageNs)
      at = end
    }
  }

  /** Puts a window's pages into the page cache, still without content, and sends them to the storage. */
  *#bringIn(window: number): Process {
    const device = this.#device
    const start = window * this.#windowBytes
    const end = this.#endOf(window)
    this.#doneAtNs[window] = beingInserted
    yield device.work(insertNs(device, end - start, this.#pages))
    const scatteredBytes = scatteredBetween(this.#scattered, start, end)
    this.#doneAtNs[window] = device.storage.submit(end - start, { scatteredBytes })
    this.#submitted.fire()
  }

  #endOf(window: number): number {
    return Math.min((window + 1) * this.#windowBytes, this.#bytes)
  }
}

/**
 * Pages that are dropped as they are copied (RWF_DONTCACHE) are used for the next window: nothing is reclaimed for them.
 * What dropping costs has not been measured on any profile's machine and counts as nothing.
 */
type CachedPages = 'kept' | 'dropped'

function insertNs({ costs, memory }: Device, bytes: number, pages: CachedPages = 'kept'): number {
  const reclaimNs = pages === 'kept' ? memory.reclaimNs(bytes) : 0
  return pagesOf(bytes) * costs.pageCacheInsertPageNs + reclaimNs
}

/** ns of CPU that reading so much through the page cache takes, whatever the storage does. */
export function cachedReadCpuNs(device: Device, bytes: number, copyPageNs: number): number {
  return insertNs(device, bytes) + pagesOf(bytes) * copyPageNs
}

/** What the storage gets of a file that is mapped and copied out of. */
export type MappedFile = { readonly bytes: number; readonly scattered: ScatteredStart }

/**
 * A copy out of the mapped file. Without pressure the faults ride on the same readahead; under pressure the kernel
 * gives mapped readahead up and each fault reads its own fault-around window (mm/filemap.c, do_sync_mmap_readahead).
 */
export function* mappedCopy(device: Device, { bytes, scattered }: MappedFile, copyPageNs: number): Process {
  const { costs, memory } = device
  const pageNs = copyPageNs + costs.mappedFaultPageNs
  if (memory.slowShare === 0) return yield new CachedFile(device, bytes, scattered).read(0, bytes, pageNs)
  const window = Math.min(costs.mappedReadUnderPressureBytes, costs.readaheadBytes)
  for (let at = 0; at < bytes; at += window) {
    const end = Math.min(at + window, bytes)
    yield device.work(insertNs(device, end - at))
    const doneAtNs = device.storage.submit(end - at, { scatteredBytes: scatteredBetween(scattered, at, end) })
    yield device.storageWait(doneAtNs, Math.floor(at / window))
    yield device.work(pagesOf(end - at) * pageNs)
  }
}
