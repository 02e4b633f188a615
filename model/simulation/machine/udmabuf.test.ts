import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../../contract/profile.ts'
import { GiB, KiB, MiB } from '../../../contract/size.ts'
import { bundledProfile } from '../../profiles/bundledProfiles.ts'
import { udmabufFigures, udmabufPageLimit, udmabufRefusal } from './udmabuf.ts'

const limits = { sizeLimitMiB: 64, listLimit: 1024, overflows: true }

describe('the size limit', () => {
  test.each([
    [64, true, 64 * 256],
    [2047, true, 2047 * 256],
    [2048, true, Number.POSITIVE_INFINITY],
    [4095, true, Number.POSITIVE_INFINITY],
    [4096, true, 0],
    [4096, false, 4096 * 256],
    [0, false, 0],
  ])('%d MiB (32 bits: %s) is %d pages', (sizeLimitMiB, overflows, pages) => {
    expect(udmabufPageLimit({ ...limits, sizeLimitMiB, overflows })).toBe(pages)
  })

  test('refuses one page more with the reason', () => {
    expect(udmabufRefusal(limits, [64 * MiB])).toBeNull()
    expect(udmabufRefusal(limits, [64 * MiB, 4096])).toMatch(
      /^EINVAL: .*size limit of 64 MiB \(size_limit_mb\)/,
    )
  })
})

test('the list limit counts the parts of a list, never a single part', () => {
  const short = { ...limits, listLimit: 0 }
  expect(udmabufRefusal(short, [MiB])).toBeNull()
  expect(udmabufRefusal(short, [MiB, MiB])).toMatch(/^EINVAL: 2 parts .*list limit of 0 \(list_limit\)/)
})

describe('bookkeeping of 1 GiB', () => {
  const values = valuesOf(bundledProfile('ufs4-phone-2024'))

  test.each([
    [32, 8],
    [64, 40],
  ])('a cache of %d bytes wastes %d for every folio', (udmabufEntryCacheBytes, wasted) => {
    const figures = udmabufFigures({ ...values, udmabufEntryCacheBytes }, GiB, 4 * KiB)
    expect(figures.udmabufFolios).toBe(262_144)
    expect(figures.udmabufEntriesUsedBytes).toBe(262_144 * 24)
    expect(figures.udmabufEntriesWastedBytes).toBe(262_144 * wasted)
  })

  test('a cache of its own wastes the rest of each slab page alone', () => {
    const { udmabufDedicatedCacheBytes } = udmabufFigures(values, GiB, 4 * KiB)
    expect(udmabufDedicatedCacheBytes).toBe(Math.ceil(262_144 / 170) * 4096)
  })

  test('huge pages need a record each', () => {
    expect(udmabufFigures(values, GiB, 2 * MiB).udmabufFolios).toBe(512)
    expect(udmabufFigures(values, GiB, 64 * KiB).udmabufFolios).toBe(16_384)
  })
})
