import { describe, expect, it } from 'vitest'
import { inputError } from './error.ts'
import { defaultGatherBytes, plannedSamples, planSchema } from './plan.ts'
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

  it('may leave the sizes to a file of the user', () => {
    expect(refusal({ sizesBytes: [], file: '/data/model.bin' })).toBe('accepted')
  })
})
