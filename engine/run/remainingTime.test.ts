import { describe, expect, it } from 'vitest'
import { MiB } from '../../contract/size.ts'
import type { Measurement } from './order.ts'
import { LoadsLeft, RemainingTime } from './remainingTime.ts'

const at = (scheme: 'memfd-direct' | 'memfd-buffered', bytes: number) => ({
  scheme,
  bytes,
  repeat: 0,
  warmup: false,
})

const left = (...measurements: Measurement[]) => new LoadsLeft(measurements)

describe('RemainingTime', () => {
  it('does not guess before anything was measured', () => {
    expect(new RemainingTime().estimateNs(left(at('memfd-direct', MiB)))).toBeNull()
  })

  it('takes the mean of what was seen at the same size', () => {
    const remaining = new RemainingTime()
    remaining.add('memfd-direct', MiB, 100)
    remaining.add('memfd-direct', MiB, 300)
    expect(remaining.estimateNs(left(at('memfd-direct', MiB), at('memfd-direct', MiB)))).toBe(400)
    expect(remaining.estimateNs(left())).toBe(0)
  })

  it('scales by the throughput of the largest size to a size not seen yet', () => {
    const remaining = new RemainingTime()
    remaining.add('memfd-direct', MiB, 1000)
    remaining.add('memfd-direct', 8 * MiB, 800)
    expect(remaining.estimateNs(left(at('memfd-direct', 64 * MiB)))).toBe(6400)
  })

  it('takes a scheme not seen yet for the mean of the others', () => {
    const remaining = new RemainingTime()
    remaining.add('memfd-direct', MiB, 500)
    expect(remaining.estimateNs(left(at('memfd-buffered', 2 * MiB)))).toBe(1000)
  })
})

describe('LoadsLeft', () => {
  it('counts by scheme and size what is not measured yet', () => {
    const two = at('memfd-direct', MiB)
    const loads = left(two, two, at('memfd-buffered', MiB), at('memfd-direct', 2 * MiB))
    loads.remove(two)
    loads.removeGroup(at('memfd-buffered', MiB))
    loads.remove(at('memfd-buffered', MiB))
    expect([...loads.groups()].map(({ bytes, count }) => [bytes, count])).toEqual([
      [MiB, 1],
      [2 * MiB, 1],
    ])
  })
})
