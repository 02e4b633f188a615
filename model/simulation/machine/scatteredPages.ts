/**
 * Free memory as the page allocator hands it out page by page: first single pages that adjoin nothing (what other use
 * of the machine has left between its own), then long runs. To the storage each scattered page is a segment of its
 * own. Order matters, places do not: what is allocated first is read into first.
 */
export class ScatteredPages {
  #freeBytes: number
  #aheadInBufferBytes = 0

  constructor(freeBytes: number) {
    this.#freeBytes = freeBytes
  }

  /** How much of `bytes` that are allocated now lies in scattered pages. */
  take(bytes: number): number {
    const taken = Math.min(bytes, this.#freeBytes)
    this.#freeBytes -= taken
    return taken
  }

  /** The same for memory of the buffer, which is read into later. */
  takeForBuffer(bytes: number): void {
    this.#aheadInBufferBytes += this.take(bytes)
  }

  /** How much of the next `bytes` of the buffer lies in scattered pages. */
  readIntoBuffer(bytes: number): number {
    const read = Math.min(bytes, this.#aheadInBufferBytes)
    this.#aheadInBufferBytes -= read
    return read
  }
}
