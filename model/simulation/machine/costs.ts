import {
  type ParameterId,
  type ParameterValues,
  parameterIds,
  parameterSpecs,
} from '../../../contract/profile.ts'
import type { Noise } from './noise.ts'

export const pageBytes = 4096

export function pagesOf(bytes: number): number {
  return Math.ceil(bytes / pageBytes)
}

const storageTimes = ['storageLatencyNs', 'segmentNs'] as const
/** Not scaled with anything: what a sleeping core or link costs on its first wake-ups. */
const unscaledTime: ParameterId = 'earlyWaitNs'
const cpuTimes = parameterIds.filter(id => {
  const { unit } = parameterSpecs[id]
  const isOther = id === unscaledTime || storageTimes.some(time => time === id)
  return (unit === 'ns' || unit === 'ns/page') && !isOther
})

/**
 * A calibration factor without a known cause: the published files of up to 1 GiB ran slower per byte than those of
 * 3 GiB, in every scheme. Linear in between, so that a longer file never loads faster.
 */
export function fileSlowdown(values: ParameterValues, bytes: number): number {
  const { shortFileSlowdown, shortFileBytes, longFileBytes } = values
  if (bytes >= longFileBytes) return 1
  if (bytes <= shortFileBytes) return shortFileSlowdown
  const towardsLong = (bytes - shortFileBytes) / (longFileBytes - shortFileBytes)
  return shortFileSlowdown + (1 - shortFileSlowdown) * towardsLong
}

/** The profile's costs as one load of `bytes` meets them. */
export function costsFor(values: ParameterValues, bytes: number, noise: Noise): ParameterValues {
  const slowdown = fileSlowdown(values, bytes)
  if (slowdown === 1 && noise.cpu === 1 && noise.storage === 1) return values
  const costs = { ...values }
  for (const id of cpuTimes) costs[id] *= slowdown * noise.cpu
  for (const id of storageTimes) costs[id] *= slowdown * noise.storage
  costs.storageBytesPerSecond /= slowdown * noise.storage
  return costs
}
