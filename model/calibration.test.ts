import { describe, expect, test } from 'vitest'
import { calibrationSchema } from '../contract/model.ts'
import { fittedParameters, profileSchema, valuesOf } from '../contract/profile.ts'
import type { StoredSample } from '../contract/sample.ts'
import { GiB, MiB } from '../contract/size.ts'
import { calibrate } from './calibration.ts'
import { bundledProfile } from './profiles/bundledProfiles.ts'
import { simulateLoad } from './simulation/simulateLoad.ts'
import { hiddenMachine, hiddenRun, memfdSchemes } from './testing/hiddenMachine.ts'

const base = bundledProfile('ufs4-phone-2024-uncalibrated')
const sizes = [8 * MiB, 32 * MiB, 128 * MiB]
/** Enough where the figures are not looked at: a fit takes as long as its loads have pages. */
const smallSizes = [2 * MiB, 8 * MiB, 32 * MiB]
const calibration = calibrate(base, hiddenRun(sizes), 'mine')

describe('a profile calibrated on 8, 32 and 128 MiB', () => {
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
    expect(calibration.leftOut.map(({ bytes }) => bytes)).toEqual(sizes)
    for (const { cells, meanError, worstError } of calibration.leftOut) {
      const errors = cells.map(cell => Math.abs(cell.error))
      expect(cells).toHaveLength(memfdSchemes.length)
      expect(worstError).toBe(Math.max(...errors))
      expect(meanError).toBeLessThan(0.2)
    }
  })
})

test('the storage of a calibration stays near the ceiling that was measured', () => {
  const rate = (ceilingBytesPerSecond: number) =>
    calibrate(base, hiddenRun(smallSizes, { ceilingBytesPerSecond }), 'mine').profile.parameters
      .storageBytesPerSecond.value
  expect(rate(0.5e9)).toBeLessThanOrEqual(0.75e9)
  expect(rate(6e9)).toBeGreaterThanOrEqual(4e9)
})

describe('how good a calibration is', () => {
  test('stands in its notes', () => {
    const { profile, warning } = calibration
    expect(warning).toBe('')
    expect(profile.title).not.toContain('poor')
    expect(profile.notes.join()).toMatch(/Mean error [\d.]+ % on the run itself, [\d.]+ % on sizes left out/)
  })

  test('is said in title, notes and answer where it is poor', () => {
    const run = hiddenRun(smallSizes)
    // What no profile can explain: each scheme is slow at a size of its own.
    const samples = run.samples.map(sample => {
      const slowdown =
        (memfdSchemes.indexOf(sample.scheme) + smallSizes.indexOf(sample.bytes)) % 3 === 0 ? 12 : 1
      const slower = (ns: number | null) => ns && ns * slowdown
      const { totalNs, allocNs, readNs } = sample
      return { ...sample, totalNs: slower(totalNs), allocNs: slower(allocNs), readNs: slower(readNs) }
    })
    const { profile, warning } = calibrate(base, { ...run, samples }, 'mine')
    expect(warning).toMatch(/^Poor: off by \d+ % on average/)
    expect(warning).toContain('25 % is the bound')
    expect(profile.notes).toContain(warning)
    expect(profile.title).toMatch(/: poor, off by \d+ %$/)
  })
})

describe('a calibration is refused', () => {
  test.each<[string, Partial<StoredSample>]>([
    ['1 sample marked "warm" (memfd-buffered at 2MiB)', { marks: ['warm'], cold: false }],
    ['1 sample not proved cold', { cold: false }],
    ['1 sample marked "path not proved"', { marks: ['path not proved'], cold: false }],
    ['1 sample marked "throttled"', { marks: ['throttled'] }],
    ['1 sample failed', { status: 'failed', totalNs: null, reason: 'EIO' }],
    ['1 sample simulated', { simulated: true }],
  ])('for %s', (words, change) => {
    const run = hiddenRun(smallSizes)
    const samples = run.samples.map((sample, at) => (at === 0 ? { ...sample, ...change } : sample))
    expect(() => calibrate(base, { ...run, samples }, 'mine')).toThrow(
      expect.objectContaining({ kind: 'bad-input', message: expect.stringContaining(words) }),
    )
  })

  test('for direct samples that fell back, of which it counts all and names one', () => {
    const run = hiddenRun(smallSizes)
    const samples = run.samples.map(sample =>
      sample.scheme === 'memfd-direct'
        ? { ...sample, direct: false, marks: ['fell back to buffered' as const] }
        : sample,
    )
    expect(() => calibrate(base, { ...run, samples }, 'mine')).toThrow(
      '9 samples marked "fell back to buffered" (memfd-direct at 2MiB, …)',
    )
  })

  test('for none of what a warm-up or an unsupported scheme says', () => {
    const run = hiddenRun([8 * MiB, 64 * MiB])
    const first = run.samples[0]
    if (first === undefined) throw new Error('a run without samples')
    const extra: StoredSample[] = [
      { ...first, warmup: true, cold: false, marks: ['warm'] },
      { ...first, status: 'unsupported', totalNs: null, cold: false },
    ]
    expect(() => calibrate(base, { ...run, samples: [...run.samples, ...extra] }, 'mine')).toThrow('2 sizes')
  })

  test('on too few sizes, with what to do', () => {
    expect(() => calibrate(base, hiddenRun([8 * MiB, 64 * MiB]), 'mine')).toThrow(
      expect.objectContaining({ kind: 'bad-input', hint: expect.stringContaining('three sizes') }),
    )
  })

  test('on a simulated run', () => {
    const run = hiddenRun(smallSizes, { simulated: true })
    expect(() => calibrate(base, run, 'mine')).toThrow('is simulated')
  })
})
