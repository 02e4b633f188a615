import { describe, expect, test } from 'vitest'
import { calibrationSchema } from '../contract/model.ts'
import { fittedParameters, profileSchema, valuesOf } from '../contract/profile.ts'
import { GiB, MiB } from '../contract/size.ts'
import { calibrate } from './calibration.ts'
import { bundledProfile } from './profiles/bundledProfiles.ts'
import { simulateLoad } from './simulation/simulateLoad.ts'
import { hiddenMachine, hiddenRun, memfdSchemes } from './testing/hiddenMachine.ts'

const base = bundledProfile('ufs4-phone-2024-uncalibrated')

describe('a profile calibrated on 8, 64 and 256 MiB', () => {
  const calibration = calibrate(base, hiddenRun([8 * MiB, 64 * MiB, 256 * MiB]), 'mine')
  const load = { bytes: GiB, gatherBytes: 128 * MiB, readers: 1, hugePages: false }

  test('is a checked profile that names its run and what was fitted', () => {
    const { profile } = calibrationSchema.parse(calibration)
    expect(profileSchema.parse(profile).name).toBe('mine')
    expect(fittedParameters(profile)).toContain('storageBytesPerSecond')
    expect(fittedParameters(profile)).not.toContain('heapFaultPageNs')
    expect(fittedParameters(profile).length).toBeLessThanOrEqual(20)
    expect(profile.parameters.shmemPageNs.source).toContain('3f1c2b1a-6a64-4f0b-9d5e-0a1b2c3d4e5f')
    expect(profile.parameters.cores.value).toBe(2)
    expect(profile.parameters.pinBatchBytes).toMatchObject({ value: MiB, fitted: false })
  })

  test.each(memfdSchemes)('predicts %s at 1 GiB within 10 %', scheme => {
    const predicted = simulateLoad(valuesOf(calibration.profile), scheme, load).times.totalNs
    const truth = simulateLoad(valuesOf(hiddenMachine), scheme, load).times.totalNs
    expect(Math.abs(predicted / truth - 1)).toBeLessThan(0.1)
  })

  test('knows how much memory was scattered from where the pages of the buffers lay', () => {
    const { scatteredFreeBytes, segmentNs } = calibration.profile.parameters
    expect(scatteredFreeBytes.value).toBeGreaterThanOrEqual(24 * MiB)
    expect(scatteredFreeBytes.value).toBeLessThan(25 * MiB)
    expect(scatteredFreeBytes.fitted).toBe(false)
    expect(segmentNs.value / 4000).toBeCloseTo(1, 0)
  })

  test('states its error on every size that was left out', () => {
    expect(calibration.leftOut.map(({ bytes }) => bytes)).toEqual([8 * MiB, 64 * MiB, 256 * MiB])
    for (const { cells, meanError, worstError } of calibration.leftOut) {
      const errors = cells.map(cell => Math.abs(cell.error))
      expect(cells).toHaveLength(memfdSchemes.length)
      expect(worstError).toBe(Math.max(...errors))
      expect(meanError).toBeLessThan(0.2)
    }
  })
})

test('the storage of a calibration stays near the ceiling that was measured', () => {
  const sizes = [8 * MiB, 64 * MiB, 256 * MiB]
  const rate = (ceilingBytesPerSecond: number) =>
    calibrate(base, hiddenRun(sizes, { ceilingBytesPerSecond }), 'mine').profile.parameters
      .storageBytesPerSecond.value
  expect(rate(1.5e9) / 1.4e9).toBeCloseTo(1, 0)
  expect(rate(0.5e9)).toBeLessThanOrEqual(0.75e9)
  expect(rate(6e9)).toBeGreaterThanOrEqual(4e9)
}, 120_000)

describe('a calibration is refused', () => {
  test('on too few sizes, with what to do', () => {
    expect(() => calibrate(base, hiddenRun([8 * MiB, 64 * MiB]), 'mine')).toThrow(
      expect.objectContaining({ kind: 'bad-input', hint: expect.stringContaining('three sizes') }),
    )
  })

  test('on a simulated run', () => {
    const run = hiddenRun([8 * MiB, 64 * MiB, 256 * MiB], { simulated: true })
    expect(() => calibrate(base, run, 'mine')).toThrow('is simulated')
  })
})
