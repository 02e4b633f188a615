import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleKey } from '../../contract/sample.ts'
import { schemeIds } from '../../contract/schemes.ts'
import { orderMeasurements } from './order.ts'

const rounds = fc.record({
  schemes: fc.uniqueArray(fc.constantFrom(...schemeIds), { minLength: 1, maxLength: 6 }),
  sizesBytes: fc.uniqueArray(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 4 }),
  repeats: fc.integer({ min: 1, max: 5 }),
  warmups: fc.integer({ min: 0, max: 2 }),
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
})

describe('orderMeasurements', () => {
  it('holds every scheme, size and round exactly once', () => {
    fc.assert(
      fc.property(rounds, plan => {
        const keys = orderMeasurements(plan).map(sampleKey)
        expect(new Set(keys).size).toBe(keys.length)
        expect(keys).toHaveLength(
          plan.schemes.length * plan.sizesBytes.length * (plan.repeats + plan.warmups),
        )
      }),
    )
  })

  it('warms up first, and runs every scheme at every size once before any of them again', () => {
    fc.assert(
      fc.property(rounds, plan => {
        const order = orderMeasurements(plan)
        const round = ({ warmup, repeat }: (typeof order)[number]) => (warmup ? 0 : 100) + repeat
        expect(order.map(round)).toEqual(order.map(round).sort((a, b) => a - b))
      }),
    )
  })

  it('keeps the schemes of one size together within a round', () => {
    fc.assert(
      fc.property(rounds, plan => {
        const order = orderMeasurements(plan)
        for (let at = 0; at < order.length; at += plan.schemes.length) {
          const together = order.slice(at, at + plan.schemes.length)
          expect(new Set(together.map(({ bytes }) => bytes)).size).toBe(1)
          expect(new Set(together.map(({ scheme }) => scheme)).size).toBe(plan.schemes.length)
        }
      }),
    )
  })

  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(rounds, plan => {
        expect(orderMeasurements(plan)).toEqual(orderMeasurements(plan))
      }),
    )
  })

  it('shuffles the sizes, too, anew in each round', () => {
    const plan = {
      schemes: ['memfd-direct'] as const,
      sizesBytes: [1, 2, 3],
      repeats: 600,
      warmups: 0,
      seed: 7,
    }
    const order = orderMeasurements({ ...plan, schemes: [...plan.schemes] })
    const firsts = order.filter((_, at) => at % 3 === 0).map(({ bytes }) => bytes)
    // 200 expected each; five standard deviations are 58.
    for (const size of plan.sizesBytes) {
      expect(Math.abs(firsts.filter(bytes => bytes === size).length - 200)).toBeLessThan(60)
    }
  })

  it('shuffles anew in each round, and every order comes up about as often', () => {
    const plan = {
      schemes: ['memfd-direct', 'memfd-buffered', 'memfd-gather-direct'] as const,
      sizesBytes: [4096],
      repeats: 6000,
      warmups: 0,
      seed: 7,
    }
    const order = orderMeasurements({ ...plan, schemes: [...plan.schemes] })
    const counts = new Map<string, number>()
    for (let i = 0; i < order.length; i += 3) {
      const round = order
        .slice(i, i + 3)
        .map(measurement => measurement.scheme)
        .join(' ')
      counts.set(round, (counts.get(round) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // 1000 expected each; five standard deviations are 144.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  it('tries every setting of a tuning once in each round, shuffled', () => {
    const setting = { gatherBytes: 4096, readers: 1, populators: 1, hugePages: false }
    const tuning = Array.from({ length: 5 }, () => setting)
    const order = orderMeasurements({
      ...{ schemes: ['memfd-gather-direct'], sizesBytes: [8192], repeats: 20, warmups: 1, seed: 3, tuning },
    })
    expect(order).toHaveLength(5 * 21)
    const rounds = Array.from({ length: 21 }, (_, round) =>
      order.slice(5 * round, 5 * round + 5).map(each => each.setting),
    )
    for (const round of rounds) expect(round.toSorted()).toEqual([0, 1, 2, 3, 4])
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(10)
  })
})
