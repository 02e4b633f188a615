import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HugePageSize } from '../../contract/plan.ts'
import { type ParameterValues, valuesOf } from '../../contract/profile.ts'
import { type Span, spanSchema } from '../../contract/sample.ts'
import { type SchemeId, schemeIds, schemeOf } from '../../contract/schemes.ts'
import { GiB, KiB, MiB } from '../../contract/size.ts'
import { bundledProfile } from '../profiles/bundledProfiles.ts'
import { noNoise } from './machine/noise.ts'
import { maxSpans } from './machine/spanRecorder.ts'
import type { LoadShape } from './schemes/load.ts'
import { simulateLoad } from './simulateLoad.ts'

const calibrated = valuesOf(bundledProfile('ufs4-phone-2024'))
const uncalibrated = valuesOf(bundledProfile('ufs4-phone-2024-uncalibrated'))

const scheme = fc.constantFrom(...schemeIds)
const load: fc.Arbitrary<LoadShape> = fc.record({
  bytes: fc.integer({ min: 1, max: 192 * MiB }),
  gatherBytes: fc.integer({ min: 1, max: 64 }).map(pages => pages * MiB),
  readers: fc.integer({ min: 1, max: 4 }),
  hugePages: fc.boolean(),
})
const values: fc.Arbitrary<ParameterValues> = fc
  .record({
    cores: fc.integer({ min: 1, max: 8 }),
    storageBytesPerSecond: fc.integer({ min: 1e8, max: 1e10 }),
    storageLatencyNs: fc.integer({ min: 0, max: 1e6 }),
    storageQueueDepth: fc.integer({ min: 1, max: 64 }),
    readerWakeNs: fc.integer({ min: 0, max: 1e6 }),
    scatteredFreeBytes: fc.integer({ min: 0, max: 256 * MiB }),
    segmentNs: fc.integer({ min: 0, max: 10_000 }),
    sharedFaultSlowdown: fc.double({ min: 1, max: 5, noNaN: true }),
    pinBatchBytes: fc.constantFrom(MiB, 32 * MiB, 2 * GiB),
  })
  .map(changed => ({ ...calibrated, ...changed }))

function byLane(spans: readonly Span[]): Span[][] {
  return [...Map.groupBy(spans, span => span.lane).values()]
}

function busyNs(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.endNs - span.startNs, 0)
}

const roundingNs = 100

describe('every load', () => {
  test('takes at least as long as its busiest lane, and its spans lie in it', () => {
    fc.assert(
      fc.property(scheme, load, values, (id, shape, costs) => {
        const { times, spans } = simulateLoad(costs, id, shape)
        const open = spans.filter(span => span.phase !== 'close')
        for (const lane of byLane(open)) expect(times.totalNs).toBeGreaterThanOrEqual(busyNs(lane))
        for (const span of open) expect(span.endNs).toBeLessThanOrEqual(times.totalNs)
        for (const span of spans) spanSchema.parse(span)
      }),
    )
  })

  test('does one thing at a time in every lane', () => {
    fc.assert(
      fc.property(scheme, load, values, (id, shape, costs) => {
        for (const lane of byLane(simulateLoad(costs, id, shape).spans)) {
          const ordered = [...lane].sort((a, b) => a.startNs - b.startNs || a.endNs - b.endNs)
          for (const [at, span] of ordered.entries()) {
            expect(span.startNs).toBeGreaterThanOrEqual(ordered[at - 1]?.endNs ?? 0)
          }
        }
      }),
    )
  })

  test('reads every byte exactly once, and allocates every byte', () => {
    fc.assert(
      fc.property(scheme, load, values, (id, shape, costs) => {
        const { spans } = simulateLoad(costs, id, shape)
        const bytesOf = (...phases: string[]) =>
          spans.filter(span => phases.includes(span.phase)).reduce((sum, span) => sum + span.bytes, 0)
        expect(bytesOf('read', 'copy')).toBe(shape.bytes)
        const { buffer, fill } = schemeOf(id)
        const allocates = buffer !== 'udmabuf' && !(buffer === 'memfd' && fill === 'sendfile')
        if (allocates) expect(bytesOf('alloc')).toBe(shape.bytes)
      }),
    )
  })

  test('adds up: the times of a sample are those of its spans', () => {
    fc.assert(
      fc.property(scheme, load, values, (id, shape, costs) => {
        const { times, spans } = simulateLoad(costs, id, { ...shape, readers: 1 })
        const sumOf = (...phases: string[]) => busyNs(spans.filter(span => phases.includes(span.phase)))
        expect(times.openNs).toBe(sumOf('open'))
        expect(times.allocNs ?? 0).toBe(sumOf('alloc'))
        expect(times.mapNs ?? 0).toBe(sumOf('map'))
        expect(times.createNs ?? 0).toBe(sumOf('create'))
        expect(times.readNs).toBe(sumOf('read', 'copy'))
      }),
    )
  })

  test('is the same again to the nanosecond', () => {
    fc.assert(
      fc.property(scheme, load, values, (id, shape, costs) => {
        expect(simulateLoad(costs, id, shape)).toEqual(simulateLoad(costs, id, shape))
      }),
      { numRuns: 30 },
    )
  })

  test('never gets slower on faster storage', () => {
    fc.assert(
      fc.property(
        scheme,
        load,
        fc.integer({ min: 1e8, max: 5e9 }),
        fc.double({ min: 1, max: 8, noNaN: true }),
        (id, shape, slow, factor) => {
          const totalNs = (storageBytesPerSecond: number) =>
            simulateLoad({ ...uncalibrated, storageBytesPerSecond }, id, shape).times.totalNs
          // Transfers are rounded to whole nanoseconds, each at most half a nanosecond up.
          const roundingNs = 2 * Math.ceil(shape.bytes / 65_536)
          expect(totalNs(slow * factor)).toBeLessThanOrEqual(totalNs(slow) + roundingNs)
        },
      ),
    )
  })

  test('never gets faster with a longer file or under memory pressure', () => {
    fc.assert(
      fc.property(scheme, load, fc.integer({ min: 1, max: 64 * MiB }), (id, shape, more) => {
        const { totalNs } = simulateLoad(calibrated, id, shape).times
        const longer = simulateLoad(calibrated, id, { ...shape, bytes: shape.bytes + more }).times
        const pressed = simulateLoad(calibrated, id, shape, { pressureBytes: GiB, noise: noNoise }).times
        // Every event is rounded to a nanosecond; several buffered readers are an exception (docs/simulation.md).
        const crowded = shape.readers > 1 && schemeOf(id).ioMode === 'buffered'
        const leastNs = crowded ? totalNs * 0.95 : totalNs - roundingNs
        expect(longer.totalNs).toBeGreaterThanOrEqual(leastNs)
        expect(pressed.totalNs).toBeGreaterThanOrEqual(leastNs)
      }),
    )
  })
})

describe('a calibration factor for short files', () => {
  test.each([0.5, 1, 1.5, 2, 2.5, 3, 4])('does not make %d GiB faster than less', gibibytes => {
    const totalNs = (bytes: number) =>
      simulateLoad(calibrated, 'normal', { bytes, gatherBytes: MiB, readers: 1, hugePages: false }).times
        .totalNs
    expect(totalNs(gibibytes * GiB)).toBeGreaterThan(totalNs(gibibytes * GiB - 64 * MiB))
  })
})

describe('scattered free memory', () => {
  const costs = { ...uncalibrated, segmentNs: 5000, scatteredFreeBytes: 16 * MiB }
  const addedNs = (id: SchemeId, bytes: number, hugePages = false) => {
    const shape = { bytes, gatherBytes: 8 * MiB, readers: 1, hugePages }
    return simulateLoad(costs, id, shape).times.totalNs - simulateLoad(uncalibrated, id, shape).times.totalNs
  }
  const allOfItNs = 4096 * 5000

  test('costs a direct read a segment for every page, and no more than there is of it', () => {
    expect(addedNs('memfd-direct', 8 * MiB)).toBe(allOfItNs / 2)
    expect(addedNs('memfd-direct', 64 * MiB)).toBe(allOfItNs)
    expect(addedNs('memfd-direct', 256 * MiB)).toBe(allOfItNs)
  })

  test('is used up by the buffer before the page cache comes', () => {
    expect(addedNs('memfd-buffered', 8 * MiB)).toBeGreaterThan(0)
    expect(addedNs('memfd-buffered', 64 * MiB)).toBe(0)
  })

  test('does not concern huge pages, nor a heap that asks for whole chunks', () => {
    expect(addedNs('memfd-direct', 64 * MiB, true)).toBe(0)
    expect(addedNs('udmabuf-direct', 64 * MiB, true)).toBe(0)
    expect(addedNs('read-sync-direct', 64 * MiB)).toBe(0)
  })

  test('is taken in turn by a page cache and a buffer that grow together, unless the buffer has huge pages', () => {
    expect(addedNs('memfd-sendfile-buffered', 64 * MiB, true)).toBeGreaterThan(
      addedNs('memfd-sendfile-buffered', 64 * MiB),
    )
  })

  test('hides behind allocation where that takes longer', () => {
    const slow = { shmemPageNs: 50_000 }
    const shape = { bytes: 64 * MiB, gatherBytes: 8 * MiB, readers: 1, hugePages: false }
    const totalNs = (values: ParameterValues) =>
      simulateLoad(values, 'memfd-gather-direct', shape).times.totalNs
    expect(totalNs({ ...costs, ...slow })).toBe(totalNs({ ...uncalibrated, ...slow }))
  })
})

test('two threads after the same pages of shared memory pay for each other', () => {
  const shape = { bytes: 64 * MiB, gatherBytes: 8 * MiB, readers: 1, hugePages: false }
  const ratio = (id: SchemeId) =>
    simulateLoad({ ...uncalibrated, sharedFaultSlowdown: 10 }, id, shape).times.totalNs /
    simulateLoad(uncalibrated, id, shape).times.totalNs
  expect(ratio('memfd-async-direct')).toBeGreaterThan(2)
  expect(ratio('udmabuf-async-direct')).toBeGreaterThan(2)
  expect(ratio('memfd-gather-direct')).toBe(1)
  expect(ratio('memfd-direct')).toBe(1)
})

test('a second buffered reader keeps the readahead of the file, whatever the gather', () => {
  const ratio = (id: SchemeId, gatherBytes: number) => {
    const shape = { bytes: 256 * MiB, gatherBytes, hugePages: false }
    const totalNs = (readers: number) => simulateLoad(uncalibrated, id, { ...shape, readers }).times.totalNs
    return totalNs(2) / totalNs(1)
  }
  for (const gatherBytes of [64 * KiB, MiB, 8 * MiB, 32 * MiB]) {
    expect(ratio('memfd-gather-buffered', gatherBytes)).toBeLessThan(1.05)
    expect(ratio('read-async-buffered', gatherBytes)).toBeLessThan(1.05)
  }
})

describe('the gather size', () => {
  const totalNs = (gatherBytes: number) =>
    simulateLoad(uncalibrated, 'read-async-direct', {
      bytes: 3 * GiB,
      gatherBytes,
      readers: 1,
      hugePages: false,
    }).times.totalNs

  test('costs a batch each when small, and the first gather when large', () => {
    const best = totalNs(64 * MiB)
    expect(totalNs(MiB)).toBeGreaterThan(best * 1.1)
    expect(totalNs(3 * GiB)).toBeGreaterThan(best * 1.1)
  })

  test('does not matter within 2 % from 16 to 128 MiB', () => {
    const flat = [16, 32, 64, 128].map(mebibytes => totalNs(mebibytes * MiB))
    expect(Math.max(...flat) / Math.min(...flat)).toBeLessThan(1.02)
  })
})

test.each<SchemeId>(['normal', 'read-async-direct', 'sendfile-direct', 'memfd-gather-buffered'])(
  '%s of 64 GiB keeps a bounded number of spans and counts the rest',
  id => {
    const shape = { bytes: 64 * GiB, gatherBytes: 16 * MiB, readers: 1, hugePages: false }
    const { spans, spansLeftOut, times } = simulateLoad(uncalibrated, id, shape)
    expect(spans.length).toBeLessThanOrEqual(maxSpans)
    if (schemeOf(id).overlap === 'gather') expect(spansLeftOut).toBeGreaterThan(0)
    expect(times.totalNs).toBeGreaterThan((64 * GiB) / 4)
  },
)

describe('a memfd for each populating thread', () => {
  const totalNs = (id: SchemeId, cores: number) => {
    const shape = { bytes: 256 * MiB, gatherBytes: 32 * MiB, readers: 1, hugePages: false }
    return simulateLoad({ ...calibrated, cores }, id, shape).times.totalNs
  }

  test('gains with every processor up to four, and nothing with one', () => {
    for (const id of ['memfd', 'udmabuf'] as const) {
      const [list, one] = [`${id}-list-direct`, `${id}-gather-direct`] as const
      expect(totalNs(list, 1)).toBe(totalNs(one, 1))
      const times = [1, 2, 3, 4].map(cores => totalNs(list, cores))
      expect(times).toEqual(times.toSorted((a, b) => b - a))
      expect(totalNs(list, 4)).toBeLessThan(totalNs(one, 4))
      expect(totalNs(list, 8)).toBeLessThanOrEqual(totalNs(list, 4))
    }
  })
})

test('a file whose pages leave the page cache costs no reclaim under pressure, and as much without', () => {
  const shape = { bytes: 256 * MiB, gatherBytes: 32 * MiB, readers: 1, hugePages: false }
  const pairs = [
    ['normal-dontcache', 'normal'],
    ['memfd-dontcache', 'memfd-buffered'],
  ] as const
  for (const [dropped, kept] of pairs) {
    const totalNs = (id: SchemeId, pressureBytes: number) =>
      simulateLoad(calibrated, id, shape, { pressureBytes, noise: noNoise }).times.totalNs
    expect(totalNs(dropped, 0)).toBe(totalNs(kept, 0))
    const heavy = calibrated.memoryTotalBytes - 300 * MiB
    expect(totalNs(dropped, heavy)).toBeLessThan(totalNs(kept, heavy))
  }
})

test('larger pages take less time to populate, and the pool those of 2 MiB', () => {
  const totalNs = (hugePageSize: HugePageSize | null, hugePages = true) => {
    const shape = { bytes: 256 * MiB, gatherBytes: 32 * MiB, readers: 1, hugePages, hugePageSize }
    return simulateLoad(calibrated, 'memfd-direct', shape).times.totalNs
  }
  const sizes = ['16KiB', '64KiB', '256KiB', '2MiB'] as const
  const times = [totalNs(null, false), ...sizes.map(size => totalNs(size))]
  expect(times).toEqual([...new Set(times)].toSorted((a, b) => b - a))
  expect(totalNs('hugetlb')).toBe(totalNs(null))
})
