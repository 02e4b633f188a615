/** The lane times that both formulas need, in ns; a sample of the contract is one. */
export type LaneTimes = {
  readonly totalNs: number | null
  readonly allocNs: number | null
  /** UDMABUF_CREATE is where a udmabuf gets its pages, so it counts as allocation. */
  readonly createNs?: number | null
  readonly readNs: number | null
  readonly firstGatherNs: number | null
  readonly remainingAllocNs: number | null
}

/** T(alloc), in ns. */
export function allocationNs(times: LaneTimes): number | null {
  const createNs = times.createNs ?? null
  if (times.allocNs === null) return createNs
  return times.allocNs + (createNs ?? 0)
}

/** T(alloc) + T(I/O), in ns: what the load costs when nothing overlaps. */
export function serialSumNs(times: LaneTimes): number | null {
  const allocNs = allocationNs(times)
  return allocNs === null || times.readNs === null ? null : allocNs + times.readNs
}

/** T(first gather) + max(T(remaining alloc), T(I/O)), in ns; `null` for a load without gathers. */
export function overlappedBoundNs(times: LaneTimes): number | null {
  if (times.firstGatherNs === null || times.remainingAllocNs === null || times.readNs === null) return null
  return times.firstGatherNs + Math.max(times.remainingAllocNs, times.readNs)
}

/** What overlap can hide at most, in ns: the smaller of T(alloc) and T(I/O) of a serial load. */
export function hideableNs(serial: LaneTimes): number | null {
  const allocNs = allocationNs(serial)
  return allocNs === null || serial.readNs === null ? null : Math.min(allocNs, serial.readNs)
}

/**
 * How much of the possible overlap was won: (T(alloc) + T(I/O) - T) / min(T(alloc), T(I/O)).
 * 1 is all of it, 0 none; below 0 the load took longer than its serial sum. `null` too where one gather holds the whole
 * file: nothing is left to allocate while it is read.
 */
export function overlapWon(times: LaneTimes): number | null {
  const allocNs = allocationNs(times)
  if (allocNs === null || times.readNs === null || times.totalNs === null) return null
  if (times.remainingAllocNs === 0) return null
  const possible = Math.min(allocNs, times.readNs)
  return possible === 0 ? null : (allocNs + times.readNs - times.totalNs) / possible
}
