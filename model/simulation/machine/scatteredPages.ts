/**
 * Free memory as the page allocator hands it out page by page: first single pages that adjoin nothing (what other use
 * of the machine has left between its own), then long runs. To the storage each scattered page is a segment of its
 * own. Memory is taken in the order of the file, so the scattered part of a buffer or of the page cache is its start.
 */
export type ScatteredStart = {
  /** What comes page by page takes so much of them first: the start of the buffer, or of the file in the page cache. */
  readonly bytes: number
}

export const noneScattered: ScatteredStart = { bytes: 0 }

/** How much of what lies from `from` to `to` lies in scattered pages. */
export function scatteredBetween({ bytes }: ScatteredStart, from: number, to: number): number {
  return Math.max(0, Math.min(to, bytes) - from)
}
