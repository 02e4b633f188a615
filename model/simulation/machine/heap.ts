import type { ParameterValues } from '../../../contract/profile.ts'
import { pageBytes, pagesOf } from './costs.ts'

/** What the system heap asks the page allocator for, largest first: orders 8, 4 and 0 (drivers/dma-buf/heaps/system_heap.c). */
const chunkPages = [2 ** 8, 2 ** 4, 2 ** 0] as const

/** How many chunks of each order hold `bytes`, largest first, as the system heap's allocator would take them. */
export function heapChunks(bytes: number): number {
  let left = pagesOf(bytes)
  let chunks = 0
  for (const pages of chunkPages) {
    const count = Math.floor(left / pages)
    chunks += count
    left -= count * pages
  }
  return chunks
}

/**
 * Memory as allocations meet it. Under pressure a share of them finds no free page: it falls back to order 0 and
 * reclaims page by page.
 */
export class Memory {
  readonly slowShare: number
  readonly #costs: ParameterValues

  /** The slow share grows with the pressure until nothing of MemFree is left. */
  constructor(costs: ParameterValues, pressureBytes: number) {
    this.#costs = costs
    const { memoryFreeBytes, memoryTotalBytes } = costs
    this.slowShare = Math.min(1, pressureBytes / Math.min(memoryFreeBytes, memoryTotalBytes))
  }

  /** ns to allocate and zero heap memory. */
  heapAllocNs(bytes: number): number {
    const { heapChunkNs, heapZeroPageNs } = this.#costs
    const slowBytes = Math.floor(pagesOf(bytes) * this.slowShare) * pageBytes
    const chunks = heapChunks(bytes - slowBytes) + pagesOf(slowBytes)
    return chunks * heapChunkNs + pagesOf(bytes) * heapZeroPageNs + this.reclaimNs(bytes)
  }

  /** ns that the slow path adds to the allocation of `bytes`, whatever they are for. */
  reclaimNs(bytes: number): number {
    return pagesOf(bytes) * this.slowShare * this.#costs.reclaimPageNs
  }
}
