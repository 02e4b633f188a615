import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../../contract/profile.ts'
import { KiB, MiB } from '../../../contract/size.ts'
import { bundledProfile } from '../../profiles/bundledProfiles.ts'
import { heapChunks, Memory } from './heap.ts'

const values = valuesOf(bundledProfile('ufs4-phone-2024'))

describe('heap chunks', () => {
  test.each([
    [4 * KiB, 1],
    [64 * KiB, 1],
    [512 * KiB, 8],
    [MiB, 1],
    [MiB + 64 * KiB + 8 * KiB, 1 + 1 + 2],
    [1, 1],
  ])('%d bytes come in %d chunks', (bytes, chunks) => {
    expect(heapChunks(bytes)).toBe(chunks)
  })
})

describe('memory pressure', () => {
  const allocNs = (pressureBytes: number) => new Memory(values, pressureBytes).heapAllocNs(64 * MiB)

  test('makes allocation dearer until nothing of MemFree is left', () => {
    const free = values.memoryFreeBytes
    expect(allocNs(free / 2)).toBeGreaterThan(allocNs(0))
    expect(allocNs(free)).toBeGreaterThan(allocNs(free / 2))
    expect(allocNs(2 * free)).toBe(allocNs(free))
  })

  test('costs a reclaim for every page, from chunks of one page', () => {
    const pages = (64 * MiB) / (4 * KiB)
    const more = pages * values.reclaimPageNs + (pages - 64) * values.heapChunkNs
    expect(allocNs(values.memoryFreeBytes) - allocNs(0)).toBeCloseTo(more, 3)
  })
})
