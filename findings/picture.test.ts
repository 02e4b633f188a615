import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planSchema } from '../contract/plan.ts'
import type { StoredSample } from '../contract/sample.ts'
import type { SchemeId } from '../contract/schemes.ts'
import { GiB, MiB } from '../contract/size.ts'
import { answerOf } from './answer.ts'
import { cellsOf } from './cells.ts'
import { ceilingCostNs, costAtLargest, costAxis, schemePairs, sizePairs, sizePairText } from './picture.ts'
import { storedSample } from './testing/storedSample.ts'

const ms = 1e6

function repeatsOf(differences: Partial<StoredSample>, totals: readonly number[]): StoredSample[] {
  return totals.map((totalNs, repeat) => storedSample({ ...differences, repeat, totalNs }))
}

const gathers = {
  scheme: 'memfd-gather-direct',
  allocNs: 600 * ms,
  readNs: 700 * ms,
  firstGatherNs: 75 * ms,
  remainingAllocNs: 525 * ms,
} as const

/** A load of 1000 ms, and the same work overlapped to the shared part of 600 ms. */
const apart = { bytes: GiB, allocNs: 450 * ms, readNs: 540 * ms } as const
const together = { ...gathers, ...apart, firstGatherNs: 50 * ms, remainingAllocNs: 400 * ms } as const

describe('the pairs of a run', () => {
  const load = (scheme: SchemeId, bytes: number, totalNs: number) => storedSample({ scheme, bytes, totalNs })

  test('cost at the largest size where the pair was measured, overlapped if it was', () => {
    const cells = cellsOf([
      load('memfd-direct', 2 * GiB, 1600),
      load('memfd-gather-direct', GiB, 700),
      load('memfd-direct', GiB, 900),
      load('normal', 4 * GiB, 8000),
    ])
    const gathers = { serial: 'memfd-direct', overlapped: 'memfd-gather-direct' } as const
    const below2GiB = cells.filter(({ bytes }) => bytes < 2 * GiB)
    expect(costAtLargest(cells, gathers)).toBe(800)
    expect(costAtLargest(below2GiB, gathers)).toBe(700)
    expect(costAtLargest(cells, { serial: 'normal', overlapped: null })).toBe(2000)
    expect(costAtLargest(cells, { serial: 'udmabuf-direct', overlapped: null })).toBeNull()
  })

  test('open on the quickest overlapped load at the largest size, with its twin', () => {
    const cells = cellsOf([
      load('memfd-direct', GiB, 900),
      load('memfd-gather-direct', GiB, 700),
      load('memfd-async-direct', GiB, 600),
      // Quickest of all, but at a smaller size.
      load('memfd-gather-direct', MiB, 1),
      load('normal', GiB, 100),
    ])
    expect(schemePairs(cells)).toEqual([
      { serial: 'memfd-direct', overlapped: 'memfd-async-direct' },
      { serial: 'memfd-direct', overlapped: 'memfd-gather-direct' },
      { serial: 'normal', overlapped: null },
    ])
  })

  test('an overlapped load whose twin was not measured is drawn alone', () => {
    const cells = cellsOf([load('memfd-gather-direct', GiB, 700)])
    const [pair] = sizePairs(cells, { serial: 'memfd-direct', overlapped: 'memfd-gather-direct' })
    expect(pair).toMatchObject({ serial: null, saved: null, overlapped: { medianNs: 700 } })
  })

  test('schemes that were not measured at the largest size come last, in the order of the catalogue', () => {
    const cells = cellsOf([
      load('memfd-async-direct', MiB, 1),
      load('memfd-gather-buffered', MiB, 1),
      load('memfd-gather-direct', GiB, 5),
    ])
    expect(schemePairs(cells).map(({ overlapped }) => overlapped)).toEqual([
      'memfd-gather-direct',
      'memfd-async-direct',
      'memfd-gather-buffered',
    ])
  })
})

test('costs are per GiB, whatever the size', () => {
  const cells = cellsOf([
    storedSample({ bytes: 256 * MiB, totalNs: 100 * ms, allocNs: 40 * ms, readNs: 50 * ms, mapNs: null }),
    storedSample({ bytes: 2 * GiB, totalNs: 800 * ms, allocNs: 320 * ms, readNs: 400 * ms, mapNs: null }),
  ])
  for (const pair of sizePairs(cells, { serial: 'memfd-direct', overlapped: null })) {
    expect(pair.serial?.medianNs).toBe(400 * ms)
    expect(pair.serial?.parts).toEqual([
      { part: 'alloc', ns: 160 * ms },
      { part: 'I/O', ns: 200 * ms },
      { part: 'rest', ns: 40 * ms },
    ])
  }
})

test('the overlapped bar is T(first gather) + max(T(remaining alloc), T(I/O)) and the rest', () => {
  const pair = { serial: 'memfd-direct', overlapped: 'memfd-gather-direct' } as const
  const partsOf = (differences: Partial<StoredSample>) =>
    sizePairs(cellsOf([storedSample({ ...gathers, totalNs: 780 * ms, ...differences })]), pair)[0]?.overlapped
      ?.parts
  expect(partsOf({})).toEqual([
    { part: 'first gather', ns: 75 * ms },
    { part: 'I/O', ns: 700 * ms },
    { part: 'rest', ns: 5 * ms },
  ])
  expect(partsOf({ readNs: 100 * ms })?.[1]).toEqual({ part: 'alloc', ns: 525 * ms })
})

test('a stack of a udmabuf shows its creation', () => {
  const load = { scheme: 'udmabuf-direct', allocNs: null, mapNs: null, createNs: 300 * ms } as const
  const cells = cellsOf([storedSample({ ...load, totalNs: 1000 * ms, readNs: 700 * ms })])
  const [pair] = sizePairs(cells, { serial: 'udmabuf-direct', overlapped: null })
  expect(pair?.serial?.parts.map(({ part }) => part)).toEqual(['create', 'I/O'])
})

test('the parts of any bar are above zero and add up to the total of its sample', () => {
  const time = fc.integer({ min: 0, max: 2e9 })
  const maybe = fc.option(time)
  fc.assert(
    fc.property(
      fc.record({
        totalNs: fc.integer({ min: 1, max: 2e9 }),
        allocNs: maybe,
        mapNs: maybe,
        createNs: maybe,
        readNs: maybe,
        firstGatherNs: maybe,
        remainingAllocNs: maybe,
      }),
      fc.constantFrom<SchemeId>('memfd-direct', 'memfd-gather-direct', 'udmabuf-async-direct'),
      (times, scheme) => {
        const cells = cellsOf([storedSample({ ...times, scheme, bytes: GiB })])
        const [pair] = schemePairs(cells)
        const [drawn] = pair === undefined ? [] : sizePairs(cells, pair)
        const bar = drawn?.overlapped ?? drawn?.serial
        expect(bar?.parts.every(({ ns }) => ns > 0)).toBe(true)
        expect(bar?.parts.reduce((sum, { ns }) => sum + ns, 0)).toBeCloseTo(times.totalNs, 3)
      },
    ),
  )
})

test('where no difference was shown, none is named', () => {
  const cells = cellsOf([
    ...repeatsOf({ bytes: GiB }, [590 * ms, 1000 * ms, 1010 * ms]),
    ...repeatsOf({ ...gathers, bytes: GiB }, [590 * ms, 600 * ms, 1020 * ms]),
  ])
  const [pair] = sizePairs(cells, { serial: 'memfd-direct', overlapped: 'memfd-gather-direct' })
  expect(pair?.saved?.verdict).toBe('~')
  expect(pair && sizePairText(pair)).toContain('; no difference shown (')
  expect(pair && sizePairText(pair)).not.toContain('hides')
})

test('three repeats say what their interval says, at the level that it has', () => {
  const cells = cellsOf([
    ...repeatsOf(apart, [990 * ms, 1000 * ms, 1010 * ms]),
    ...repeatsOf(together, [590 * ms, 600 * ms, 610 * ms]),
  ])
  const [pair] = sizePairs(cells, { serial: 'memfd-direct', overlapped: 'memfd-gather-direct' })
  expect(pair && sizePairText(pair)).toMatch(/hides 40 % \(.*, 90 % interval\)/)
})

test('what overlap hides is told with its interval', () => {
  const around = (ns: number) => [0.98, 0.99, 1, 1.01, 1.02].map(factor => Math.round(ns * factor))
  const cells = cellsOf([...repeatsOf(apart, around(1000 * ms)), ...repeatsOf(together, around(600 * ms))])
  const [pair] = sizePairs(cells, { serial: 'memfd-direct', overlapped: 'memfd-gather-direct' })
  expect(pair?.saved?.share).toBeCloseTo(0.4)
  expect(pair?.saved?.low).toBeLessThan(0.4)
  expect(pair?.saved?.high).toBeGreaterThan(0.4)
  expect(pair && sizePairText(pair)).toMatch(
    /^1 GiB: memfd-direct 1\.00 s\/GiB against memfd-gather-direct 600 ms\/GiB; overlap hides 40 % \(3\d % to 4\d %\)$/,
  )
})

test('what is saved beyond what overlap can hide is not called hidden', () => {
  const around = (ns: number) => [0.98, 0.99, 1, 1.01, 1.02].map(factor => Math.round(ns * factor))
  // The twin allocates for 100 ms of 1000 ms, and 600 ms are saved: the reads themselves are quicker, too.
  const serial = { bytes: GiB, allocNs: 100 * ms, readNs: 900 * ms }
  const cells = cellsOf([
    ...repeatsOf(serial, around(1000 * ms)),
    ...repeatsOf({ ...gathers, bytes: GiB }, around(400 * ms)),
  ])
  const [pair] = sizePairs(cells, { serial: 'memfd-direct', overlapped: 'memfd-gather-direct' })
  expect(pair?.saved?.hideable).toBeCloseTo(0.1)
  expect(pair && sizePairText(pair)).toMatch(/; saves 60 % \(.*\), of which overlap can hide 10 % at most$/)
})

test('the picture says hidden exactly where the sentence says that overlapping saves', () => {
  const plan = planSchema.parse({
    target: 'local',
    schemes: ['memfd-direct', 'memfd-gather-direct'],
    sizesBytes: [GiB],
    gatherBytes: 128 * MiB,
  })
  const around = (ns: number) => [0.98, 0.99, 1, 1.01, 1.02].map(factor => Math.round(ns * factor))
  const part = fc.integer({ min: 1, max: 900 })
  fc.assert(
    fc.property(part, part, part, part, fc.integer({ min: 0, max: 100 }), (a, b, c, d, hiddenPercent) => {
      const [alloc, read, otherAlloc, otherRead] = [a, b, c, d].map(parts => parts * ms)
      if (!alloc || !read || !otherAlloc || !otherRead) return
      const hidden = (Math.min(otherAlloc, otherRead) * hiddenPercent) / 100
      const samples = [
        ...repeatsOf({ bytes: GiB, allocNs: alloc, readNs: read }, around(1.05 * (alloc + read))),
        ...repeatsOf(
          { ...gathers, bytes: GiB, gatherBytes: 128 * MiB, allocNs: otherAlloc, readNs: otherRead },
          around(1.05 * (otherAlloc + otherRead - hidden)),
        ),
      ]
      const cells = cellsOf(samples)
      const answer = answerOf({ plan, ceilingBytesPerSecond: null, samples, cells })
      const [pair] = sizePairs(cells, { serial: 'memfd-direct', overlapped: 'memfd-gather-direct' }, samples)
      const hides = pair !== undefined && sizePairText(pair).includes('overlap hides')
      expect(hides).toBe(answer?.sentence.includes('overlapping saves'))
    }),
  )
})

describe('the axis', () => {
  const pairsAt = (costs: readonly (readonly [bytes: number, perGiB: number])[]) =>
    sizePairs(
      cellsOf(
        costs.map(([bytes, perGiB]) => storedSample({ bytes, totalNs: Math.round((perGiB * bytes) / GiB) })),
      ),
      { serial: 'memfd-direct', overlapped: null },
    )

  test('holds every size where they cost alike', () => {
    const axis = costAxis(
      pairsAt([
        [MiB, 900 * ms],
        [GiB, 500 * ms],
      ]),
      null,
    )
    expect(axis.brokenBytes).toEqual([])
    expect(axis.topNs).toBeCloseTo(900 * ms, -3)
  })

  test('is broken for very small files', () => {
    const axis = costAxis(
      pairsAt([
        [MiB, 9000 * ms],
        [64 * MiB, 700 * ms],
        [GiB, 500 * ms],
      ]),
      400 * ms,
    )
    expect(axis.brokenBytes).toEqual([MiB])
    expect(axis.topNs).toBeCloseTo(700 * ms, -3)
  })

  test('always shows the ceiling and at least one size whole', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 12, max: 32 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 1e12 }), { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 1, max: 1e11 }),
        (powers, costs, bytesPerSecond) => {
          const pairs = pairsAt(powers.map((power, at) => [2 ** power, costs[at] ?? 1]))
          const ceilingNs = ceilingCostNs(bytesPerSecond)
          const { topNs, brokenBytes } = costAxis(pairs, ceilingNs)
          expect(topNs).toBeGreaterThanOrEqual(ceilingNs)
          expect(brokenBytes.length).toBeLessThan(Math.max(1, pairs.length) + 0)
          for (const { bytes, serial } of pairs) {
            if (!brokenBytes.includes(bytes)) expect(serial?.totalNs ?? 0).toBeLessThanOrEqual(topNs)
          }
        },
      ),
    )
  })
})
