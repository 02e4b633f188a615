import { describe, expect, test } from 'vitest'
import { Clock } from './clock.ts'
import { Storage } from './storage.ts'

/** 1 ns a byte, 100 ns latency, requests of 10 bytes. */
function storage(queueDepth: number): Storage {
  const speed = { bytesPerSecond: 1e9, latencyNs: 100, queueDepth, requestBytes: 10, segmentNs: 7 }
  return new Storage(new Clock(), speed)
}

describe('storage', () => {
  test('a deep queue hides every latency but the last', () => {
    expect(storage(32).submit(200)).toBe(200 + 100)
  })

  test('a queue of one pays the latency of every request', () => {
    expect(storage(1).submit(50)).toBe(5 * (10 + 100))
  })

  test('a queue of two halves what a queue of one takes', () => {
    expect(storage(2).submit(40)).toBe(20 + 100 + (10 + 100))
  })

  test('a page that adjoins no other costs a segment, wherever requests are cut', () => {
    expect(storage(32).submit(200, { scatteredBytes: 15 })).toBe(200 + 2 * 7 + 100)
  })

  test('what is asked first is served first', () => {
    const shared = storage(32)
    expect([shared.submit(30), shared.submit(10)]).toEqual([130, 140])
  })
})
