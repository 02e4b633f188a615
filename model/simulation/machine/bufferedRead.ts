import type { Process } from './clock.ts'
import { pagesOf } from './costs.ts'
import type { Device } from './device.ts'

/**
 * A sequential read through a cold page cache, with one readahead window ahead: when a window is reached, the next
 * one is put into the page cache and sent to the storage, then this one is copied.
 */
export class BufferedRead {
  readonly #device: Device
  readonly #endBytes: number
  readonly #windowBytes: number
  /** Read so far; the start of a window whenever it is a multiple of the window. */
  #atBytes = 0
  #submittedBytes = 0
  /** When the window that is read next is in memory. */
  #nextDoneAtNs = 0

  constructor(device: Device, bytes: number, windowBytes = device.costs.readaheadBytes) {
    this.#device = device
    this.#endBytes = bytes
    this.#windowBytes = windowBytes
  }

  /** Reads the next `bytes` and copies them at `copyPageNs` a page. */
  *read(bytes: number, copyPageNs: number): Process {
    const device = this.#device
    for (let left = bytes; left > 0; ) {
      const intoWindow = this.#atBytes % this.#windowBytes
      if (intoWindow === 0) {
        if (this.#submittedBytes <= this.#atBytes) yield this.#submitFirst()
        yield device.storageWait(this.#nextDoneAtNs)
        if (this.#submittedBytes < this.#endBytes) {
          yield this.#insertWindow()
          this.#submitWindow()
        }
      }
      const part = Math.min(left, this.#windowBytes - intoWindow)
      yield device.cores.work(pagesOf(part) * copyPageNs)
      this.#atBytes += part
      left -= part
    }
  }

  *#submitFirst(): Process {
    yield this.#insertWindow()
    this.#submitWindow()
  }

  get #nextWindowBytes(): number {
    return Math.min(this.#windowBytes, this.#endBytes - this.#submittedBytes)
  }

  /** Returns when the next window's pages are in the page cache, still without content. */
  #insertWindow(): number {
    const { cores, costs, memory } = this.#device
    const bytes = this.#nextWindowBytes
    return cores.work(pagesOf(bytes) * costs.pageCacheInsertPageNs + memory.reclaimNs(bytes))
  }

  #submitWindow(): void {
    const bytes = this.#nextWindowBytes
    this.#submittedBytes += bytes
    this.#nextDoneAtNs = submitToPageCache(this.#device, bytes)
  }
}

/** Reads into pages that were put into the page cache for it; returns when they are there. */
function submitToPageCache({ scattered, storage }: Device, bytes: number): number {
  return storage.submit(bytes, { scatteredBytes: scattered.take(bytes) })
}

/**
 * A copy out of the mapped file. Without pressure the faults ride on the same readahead; under pressure the kernel
 * gives mapped readahead up and each fault reads its own fault-around window (mm/filemap.c, do_sync_mmap_readahead).
 */
export function* mappedCopy(device: Device, bytes: number, copyPageNs: number): Process {
  const { cores, costs, memory } = device
  const pageNs = copyPageNs + costs.mappedFaultPageNs
  if (memory.slowShare === 0) return yield new BufferedRead(device, bytes).read(bytes, pageNs)
  const window = costs.mappedReadUnderPressureBytes
  for (let left = bytes; left > 0; left -= window) {
    const part = Math.min(left, window)
    yield cores.work(pagesOf(part) * costs.pageCacheInsertPageNs + memory.reclaimNs(part))
    yield device.storageWait(submitToPageCache(device, part))
    yield cores.work(pagesOf(part) * pageNs)
  }
}
