import type { ParameterValues, ProfileFeatures } from '../../../contract/profile.ts'
import { formatSize, MiB } from '../../../contract/size.ts'
import { pageBytes, pagesOf } from './costs.ts'
import { foliosOf } from './sharedPages.ts'

/** udmabuf's module parameters, and whether its kernel computes the size limit in 32 bits. */
export type UdmabufLimits = {
  readonly sizeLimitMiB: number
  readonly listLimit: number
  readonly overflows: boolean
}

export function udmabufLimits(values: ParameterValues, features: ProfileFeatures): UdmabufLimits {
  return {
    sizeLimitMiB: values.udmabufSizeLimitMiB,
    listLimit: values.udmabufListLimit,
    overflows: features.udmabufLimitOverflows,
  }
}

/**
 * Pages that one udmabuf may have, as drivers/dma-buf/udmabuf.c computes it. Before commit 021ba7f1babd the product
 * was a 32-bit int: 2048 to 4095 MiB come out negative, which as an unsigned count is no limit, and 4096 is zero.
 */
export function udmabufPageLimit({ sizeLimitMiB, overflows }: UdmabufLimits): number {
  if (!overflows) return (sizeLimitMiB * MiB) / pageBytes
  const pages = Math.imul(sizeLimitMiB, MiB) >> 12
  return pages < 0 ? Number.POSITIVE_INFINITY : pages
}

/**
 * Why the kernel refuses to make a udmabuf of these memfd parts, or `null`. UDMABUF_CREATE has one part and does not
 * look at the list limit; UDMABUF_CREATE_LIST does.
 */
export function udmabufRefusal(limits: UdmabufLimits, partsBytes: readonly number[]): string | null {
  if (partsBytes.length > 1 && partsBytes.length > limits.listLimit) {
    return `EINVAL: ${partsBytes.length} parts are more than udmabuf's list limit of ${limits.listLimit} (list_limit)`
  }
  const bytes = partsBytes.reduce((sum, part) => sum + part, 0)
  if (pagesOf(bytes) <= udmabufPageLimit(limits)) return null
  return `EINVAL: ${formatSize(bytes)} is more than udmabuf's size limit of ${limits.sizeLimitMiB} MiB (size_limit_mb)`
}

/**
 * Kernel memory that udmabuf keeps for a buffer, in bytes: a record per folio from a general slab cache, what of it is
 * wasted, and what a cache of its own would take (objects without gaps, whole pages).
 */
export function udmabufFigures(values: ParameterValues, bytes: number, folioBytes: number) {
  const folios = foliosOf(bytes, folioBytes)
  const used = folios * values.udmabufEntryBytes
  const allocated = folios * Math.max(values.udmabufEntryCacheBytes, values.udmabufEntryBytes)
  const perSlabPage = Math.max(1, Math.floor(pageBytes / values.udmabufEntryBytes))
  return {
    udmabufFolios: folios,
    udmabufEntriesUsedBytes: used,
    udmabufEntriesAllocatedBytes: allocated,
    udmabufEntriesWastedBytes: allocated - used,
    udmabufDedicatedCacheBytes: Math.ceil(folios / perSlabPage) * pageBytes,
  }
}
