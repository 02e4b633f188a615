import { describe, expect, it } from 'vitest'
import { inputError } from './error.ts'
import { defaultGatherBytes, newPlanSchema, plannedSamples, planSchema } from './plan.ts'
import { MiB } from './size.ts'

const smallest = { target: 'local', schemes: ['memfd-direct'], sizesBytes: [8 * MiB] }

function refusal(change: Record<string, unknown>): string {
  const parsed = planSchema.safeParse({ ...smallest, ...change })
  return parsed.success ? 'accepted' : inputError(parsed.error).message
}

describe('a plan', () => {
  it('is complete with a target, schemes and sizes', () => {
    const plan = planSchema.parse(smallest)
    expect(plan).toMatchObject({
      repeats: 10,
      warmups: 1,
      gatherBytes: defaultGatherBytes,
      readers: 1,
      verify: true,
    })
    expect(plannedSamples(plan)).toBe(11)
  })

  it.each([
    [{ schemes: [] }, 'at least one scheme'],
    [{ schemes: ['memfd-direct', 'memfd-direct'] }, 'named twice'],
    [{ schemes: ['teleport'] }, 'schemes.0'],
    [{ target: 'moon' }, 'sim:<profile>'],
    [{ target: 'adb:two\nlines' }, 'adb:<serial>'],
    [{ sizesBytes: [0] }, 'above zero'],
    [{ sizesBytes: [-1] }, 'sizesBytes.0'],
    [{ sizesBytes: [2 ** 53] }, 'sizesBytes.0'],
    [{ sizesBytes: [] }, 'at least one size'],
    [{ gatherBytes: 0 }, 'at least one page'],
    [{ gatherBytes: 4097 }, 'whole number of 4KiB pages'],
    [{ readers: 0 }, 'readers'],
    [{ heap: '../null' }, 'heap'],
    [{ surprise: 1 }, 'surprise'],
  ])('refuses %j with a word about it', (change, word) => {
    expect(refusal(change)).toContain(word)
  })

  it.each([
    [
      'one that is chosen is at most the largest file',
      16 * MiB,
      [8 * MiB, MiB],
      'larger than the file of 8MiB',
    ],
    ['one that fits is taken, and cut to the smaller files', 8 * MiB, [8 * MiB, MiB], null],
    ['whole pages around the file fit', 8192, [5000], null],
    ['the default is cut to any file', defaultGatherBytes, [MiB], null],
  ])('a gather: %s', (_what, gatherBytes, sizesBytes, problem) => {
    const plan = { ...smallest, schemes: ['memfd-gather-direct'], sizesBytes, gatherBytes }
    const parsed = newPlanSchema.safeParse(plan)
    expect(parsed.error?.issues.map(({ path, message }) => [...path, message]) ?? null).toEqual(
      problem === null ? null : [['gatherBytes', expect.stringContaining(problem)]],
    )
    expect(planSchema.safeParse(plan).success).toBe(true)
  })

  it('may choose any gather for schemes without gathers', () => {
    expect(newPlanSchema.safeParse({ ...smallest, gatherBytes: 16 * MiB }).success).toBe(true)
  })

  it('may leave the sizes to a file of the user', () => {
    expect(refusal({ sizesBytes: [], file: '/data/model.bin' })).toBe('accepted')
  })
})
