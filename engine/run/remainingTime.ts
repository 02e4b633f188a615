import type { SchemeId } from '../../contract/schemes.ts'
import type { Measurement } from './order.ts'

type Seen = { readonly bytes: number; readonly wallNs: number; readonly count: number }

/** How long the rest of a run will take, from the wall time (with cache drops and checks) of what was measured. */
export class RemainingTime {
  readonly #seen = new Map<SchemeId, Map<number, Seen>>()

  add(scheme: SchemeId, bytes: number, wallNs: number): void {
    const sizes = this.#seen.get(scheme) ?? new Map<number, Seen>()
    const before = sizes.get(bytes) ?? { bytes, wallNs: 0, count: 0 }
    sizes.set(bytes, { bytes, wallNs: before.wallNs + wallNs, count: before.count + 1 })
    this.#seen.set(scheme, sizes)
  }

  /** `null` while nothing was measured. A scheme not seen yet is taken for the mean of the others. */
  estimateNs(left: readonly Measurement[]): number | null {
    if (this.#seen.size === 0) return null
    return Math.round(left.reduce((sum, { scheme, bytes }) => sum + this.#oneNs(scheme, bytes), 0))
  }

  #oneNs(scheme: SchemeId, bytes: number): number {
    const sizes = this.#seen.get(scheme)
    if (sizes !== undefined) return scaledNs(sizes, bytes)
    const others = [...this.#seen.values()].map(other => scaledNs(other, bytes))
    return others.reduce((sum, ns) => sum + ns, 0) / others.length
  }
}

/** The mean at that size, else the throughput of the largest size seen, to which a fixed cost matters least. */
function scaledNs(sizes: ReadonlyMap<number, Seen>, bytes: number): number {
  const exact = sizes.get(bytes)
  if (exact !== undefined) return exact.wallNs / exact.count
  const largest = [...sizes.values()].reduce((best, seen) => (seen.bytes > best.bytes ? seen : best))
  return (largest.wallNs / largest.count / largest.bytes) * bytes
}
