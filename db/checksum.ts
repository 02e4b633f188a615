import { crc32 } from 'node:zlib'

/**
 * CRC-32 of column values as SQLite stores and returns them. A flipped bit on the disk that leaves a row readable would
 * else change a figure and nobody would know.
 */
export function checksumOf(values: readonly unknown[]): number {
  // SQLite keeps text as UTF-8, where half a surrogate pair cannot be.
  return crc32(
    JSON.stringify(values, (_key, value) => (typeof value === 'string' ? value.toWellFormed() : value)),
  )
}
