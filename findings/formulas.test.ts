import { describe, expect, test } from 'vitest'
import { overlappedBoundNs, overlapWon, serialSumNs } from './formulas.ts'

const times = { totalNs: 70, allocNs: 30, readNs: 60, firstGatherNs: 5, remainingAllocNs: 25 }

describe('the two formulas', () => {
  test('serial: T(alloc) + T(I/O)', () => {
    expect(serialSumNs(times)).toBe(90)
  })

  test('overlapped: T(first gather) + max(T(remaining alloc), T(I/O))', () => {
    expect(overlappedBoundNs(times)).toBe(65)
    expect(overlappedBoundNs({ ...times, remainingAllocNs: 80 })).toBe(85)
  })

  test('a udmabuf is allocated where it is created', () => {
    expect(serialSumNs({ ...times, allocNs: null, createNs: 40 })).toBe(100)
    expect(serialSumNs({ ...times, createNs: 40 })).toBe(130)
  })

  test('a load without gathers has no bound, one without allocation no sum', () => {
    expect(overlappedBoundNs({ ...times, firstGatherNs: null })).toBeNull()
    expect(serialSumNs({ ...times, allocNs: null })).toBeNull()
  })
})

describe('overlap won', () => {
  test('is the hidden part of what could be hidden', () => {
    expect(overlapWon(times)).toBeCloseTo(20 / 30)
    expect(overlapWon({ ...times, totalNs: 60 })).toBe(1)
    expect(overlapWon({ ...times, totalNs: 90 })).toBe(0)
    expect(overlapWon({ ...times, totalNs: 120 })).toBe(-1)
  })

  test('is unknown where nothing could overlap', () => {
    expect(overlapWon({ ...times, allocNs: 0 })).toBeNull()
    expect(overlapWon({ ...times, firstGatherNs: 30, remainingAllocNs: 0 })).toBeNull()
    expect(overlapWon({ ...times, totalNs: null })).toBeNull()
  })
})
