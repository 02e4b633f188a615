import { describe, expect, test } from 'vitest'
import { gatherRequestSchema, predictionRequestSchema, predictionSchema } from '../contract/model.ts'
import { parameterIds, parameterSpecs } from '../contract/profile.ts'
import { GiB, MiB, TiB } from '../contract/size.ts'
import { flatRegion, predict, sweepGather, sweptGathers } from './prediction.ts'
import { bundledProfile } from './profiles/bundledProfiles.ts'

const phone = bundledProfile('ufs4-phone-2024')
const uncalibrated = bundledProfile('ufs4-phone-2024-uncalibrated')

function request(differences: object) {
  return predictionRequestSchema.parse({
    profile: 'ufs4-phone-2024',
    schemes: ['read-async-direct'],
    sizesBytes: [3 * GiB],
    ...differences,
  })
}

describe('a prediction', () => {
  test('keeps between the overlapped bound and the serial sum, and says what overlap won', () => {
    const [row] = predict(phone, request({}))
    const { totalNs, serialSumNs, overlappedBoundNs, overlapWon, overlapGainNs } = predictionSchema.parse(row)
    expect(totalNs).toBeGreaterThanOrEqual(overlappedBoundNs ?? 0)
    expect(totalNs).toBeLessThan(serialSumNs ?? 0)
    expect(overlapWon).toBeGreaterThan(0.8)
    expect(overlapGainNs).toBe((serialSumNs ?? 0) - (totalNs ?? 0))
  })

  test('tells batching from overlap: without the slow long read, batches cost what they are', () => {
    const gainNs = (profile: typeof phone) =>
      predict(profile, request({ gatherBytes: 16 * MiB }))[0]?.batchingGainNs
    expect(gainNs(phone)).toBeGreaterThan(1e9)
    expect(gainNs(uncalibrated)).toBeLessThan(0)
  })

  test('of a serial scheme has no overlap to win', () => {
    expect(predict(phone, request({ schemes: ['read-sync-direct'] }))[0]).toMatchObject({
      overlapWon: null,
      overlapGainNs: null,
      batchingGainNs: null,
    })
  })

  test('follows a what-if', () => {
    const totalNs = (whatIf: object) => predict(phone, request({ whatIf }))[0]?.totalNs ?? 0
    expect(totalNs({ storageBytesPerSecond: 1e9 })).toBeGreaterThan(2 * totalNs({}))
  })

  test('says why a load is refused', () => {
    const asked = request({ schemes: ['udmabuf-direct'], whatIf: { udmabufSizeLimitMiB: 64 } })
    expect(predict(phone, asked)[0]).toMatchObject({
      totalNs: null,
      reason: expect.stringContaining('EINVAL'),
    })
  })

  test('refuses what the memory does not hold as a run does, pressure included', () => {
    const sizesBytes = [GiB, 16 * GiB]
    const reasons = (differences: object) =>
      predict(phone, request({ sizesBytes, ...differences })).map(row => row.reason)
    expect(reasons({})).toEqual([
      '',
      'a load of 16GiB needs 16GiB (17179869184 bytes) of memory, 11GiB (11861843968 bytes) are available',
    ])
    expect(reasons({ pressureBytes: 11 * GiB })[0]).toContain('(with 11GiB of pressure)')
    expect(reasons({ whatIf: { memoryTotalBytes: 32 * GiB } })).toEqual(['', ''])
  })

  test.each(parameterIds)('refuses an absurd %s with its range', id => {
    const { atLeast, atMost } = parameterSpecs[id]
    for (const value of [atLeast - 1, atMost * 2, 1e300]) {
      expect(() => predict(phone, request({ whatIf: { [id]: value } }))).toThrow(
        new RegExp(`from ${atLeast} to ${atMost}`),
      )
    }
  })

  test.each([
    ['of the smallest windows', 'memfd-buffered', { readaheadBytes: 4096 }],
    ['of the smallest pipe', 'sendfile-direct', { pipeBytes: 4096 }],
    ['of the smallest pin batches', 'udmabuf-async-direct', { pinBatchBytes: 4096 }],
  ] as const)('refuses a load of more steps than a moment has: 1 TiB %s', (_what, scheme, smallest) => {
    const whatIf = { ...smallest, memoryTotalBytes: 16 * TiB }
    expect(() => predict(phone, request({ schemes: [scheme], sizesBytes: [TiB], whatIf }))).toThrow(
      'steps to simulate',
    )
  })

  test('refuses a load of more time than the clock counts', () => {
    const whatIf = {
      readaheadBytes: 16 * MiB,
      reclaimPageNs: 1e6,
      copyToShmemPageNs: 1e6,
      shmemPageNs: 1e6,
      shortFileSlowdown: 100,
      longFileBytes: 16 * TiB,
      shortFileBytes: 16 * TiB,
      memoryTotalBytes: 16 * TiB,
    }
    const asked = request({ schemes: ['memfd-buffered'], sizesBytes: [TiB], whatIf })
    expect(() => predict(phone, asked)).toThrow('104 days')
  })

  test.each([
    ['a negative latency', { whatIf: { storageLatencyNs: -1 } }],
    ['a gather larger than the file', { sizesBytes: [8 * MiB], gatherBytes: 16 * MiB }],
  ])('refuses %s', (_what, differences) => {
    expect(() => predict(phone, request(differences))).toThrow()
  })

  test.each([
    ['an unknown parameter', { whatIf: { warpFactor: 1 } }],
    ['a gather of 0', { gatherBytes: 0 }],
    ['a size of 0', { sizesBytes: [0] }],
    ['a size beyond 2^53', { sizesBytes: [2 ** 53 + 2] }],
  ])('is not asked for %s', (_what, differences) => {
    expect(() => request(differences)).toThrow()
  })
})

describe('the best gather', () => {
  const sweep = (profile: typeof phone) =>
    sweepGather(
      profile,
      gatherRequestSchema.parse({ profile: profile.name, scheme: 'read-async-direct', bytes: 3 * GiB }),
    )

  test('lies in its flat region, and nothing swept is better', () => {
    const { points, bestBytes, bestNs, flatFromBytes, flatToBytes } = sweep(phone)
    expect(bestNs).toBe(Math.min(...points.map(point => point.totalNs)))
    expect(flatFromBytes).toBeLessThanOrEqual(bestBytes)
    expect(flatToBytes).toBeGreaterThanOrEqual(bestBytes)
  })

  test('is about the root of batch cost over allocation cost, and flat around it', () => {
    const { bestBytes, flatFromBytes, flatToBytes } = sweep(uncalibrated)
    expect(bestBytes).toBeGreaterThanOrEqual(32 * MiB)
    expect(bestBytes).toBeLessThanOrEqual(192 * MiB)
    expect(flatFromBytes).toBeLessThanOrEqual(32 * MiB)
    expect(flatToBytes).toBeGreaterThanOrEqual(128 * MiB)
  })

  test('is refused for a file that does not fit the device', () => {
    const asked = gatherRequestSchema.parse({
      profile: phone.name,
      scheme: 'read-async-direct',
      bytes: 16 * GiB,
    })
    expect(() => sweepGather(phone, asked)).toThrow(expect.objectContaining({ kind: 'no-memory' }))
  })

  test('is refused for a scheme without gathers', () => {
    const asked = gatherRequestSchema.parse({ profile: phone.name, scheme: 'normal', bytes: GiB })
    expect(() => sweepGather(phone, asked)).toThrow('has no gathers')
  })

  test('ends at the edge where everything is flat', () => {
    const points = [1, 2, 4].map(gatherBytes => ({ gatherBytes, totalNs: 100 + gatherBytes / 10 }))
    expect(flatRegion(points)).toMatchObject({ bestBytes: 1, flatFromBytes: 1, flatToBytes: 4 })
  })

  test('is looked for up to the whole file', () => {
    expect(sweptGathers(MiB)).toEqual([MiB])
    expect(sweptGathers(MiB + 1)).toEqual([MiB + 4096])
    expect(sweptGathers(3 * GiB).at(-1)).toBe(3 * GiB)
  })
})
