import type { SchemeId } from '../../contract/schemes.ts'
import type { Measurement } from './order.ts'

type Seen = { readonly bytes: number; readonly wallNs: number; readonly count: number }

export type LoadGroup = Pick<Measurement, 'scheme' | 'bytes'> & { readonly count: number }

/** What is still to be measured, counted by scheme and size: a plan may have many thousand loads, but few of those. */
export class LoadsLeft {
  readonly #groups = new Map<string, LoadGroup>()

  constructor(measurements: Iterable<Measurement>) {
    for (const measurement of measurements) this.#add(measurement, 1)
  }

  /** One of them is measured, or given up. */
  remove(measurement: Measurement): void {
    this.#add(measurement, -1)
  }

  /** None of its scheme and size will be measured. */
  removeGroup(measurement: Measurement): void {
    this.#groups.delete(groupOf(measurement))
  }

  groups(): Iterable<LoadGroup> {
    return this.#groups.values()
  }

  #add({ scheme, bytes }: Measurement, change: number): void {
    const key = groupOf({ scheme, bytes })
    const count = (this.#groups.get(key)?.count ?? 0) + change
    if (count > 0) this.#groups.set(key, { scheme, bytes, count })
    else this.#groups.delete(key)
  }
}

/** Scheme and size of a load, as a key. */
export function groupOf({ scheme, bytes }: Pick<Measurement, 'scheme' | 'bytes'>): string {
  return `${scheme}/${bytes}`
}

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
  estimateNs(left: LoadsLeft): number | null {
    if (this.#seen.size === 0) return null
    let ns = 0
    for (const { scheme, bytes, count } of left.groups()) ns += count * this.#oneNs(scheme, bytes)
    return Math.round(ns)
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
