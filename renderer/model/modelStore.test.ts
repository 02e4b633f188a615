import { describe, expect, test } from 'vitest'
import { predictionRequestSchema } from '../../contract/model.ts'
import { GiB, KiB, MiB } from '../../contract/size.ts'
import { bundledProfile } from '../../model/profiles/bundledProfiles.ts'
import { allocationRate, curveSizes, predictionRequest, whatIfOf } from './modelStore.ts'
import { untouchedKnobs as knobs } from './testing/knobs.ts'

const profile = bundledProfile(knobs.profile)

describe('what a slider changes', () => {
  test('is nothing while it stands where the profile has it', () => {
    expect(whatIfOf(knobs, profile)).toEqual({})
  })

  test('is zeroing and shared memory alike for the allocation rate', () => {
    const halved = { ...knobs, allocBytesPerSecond: allocationRate(profile) / 2 }
    const { heapZeroPageNs, shmemPageNs } = profile.parameters
    const whatIf = whatIfOf(halved, profile)
    expect(whatIf.heapZeroPageNs).toBeCloseTo(2 * heapZeroPageNs.value)
    expect(whatIf.shmemPageNs).toBeCloseTo(2 * shmemPageNs.value)
  })

  test('is asked for inside the contract, with a gather no larger than the file', () => {
    const small = predictionRequest({ ...knobs, fileBytes: 8 * MiB }, profile)
    expect(predictionRequestSchema.parse(small)).toEqual(small)
    expect(small.gatherBytes).toBe(8 * MiB)
  })
})

test('curves end at the file, and no size is too near to it', () => {
  expect(curveSizes(3 * GiB).at(-1)).toBe(3 * GiB)
  expect(curveSizes(3 * GiB)).not.toContain(2 * GiB)
  expect(curveSizes(512 * KiB)).toEqual([512 * KiB])
})
