import { describe, expect, it } from 'vitest'
import { inputError } from './error.ts'
import {
  defaultGatherBytes,
  newPlanSchema,
  plannedSamples,
  planSchema,
  questionOf,
  seriesGatherBytes,
} from './plan.ts'
import { GiB, MiB } from './size.ts'

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
      readers: 1,
      verify: true,
    })
    expect(plannedSamples(plan)).toBe(11)
  })

  it('follows the size with its gather: an eighth of the largest file, in whole pages, 1 to 128 MiB', () => {
    const gathers = [1, MiB, 8 * MiB, 64 * MiB, 10_000_001, GiB, 100 * GiB].map(bytes => {
      const { gatherBytes } = newPlanSchema.parse({ ...smallest, sizesBytes: [1, bytes + 1] })
      return gatherBytes
    })
    expect(gathers).toEqual([MiB, MiB, MiB, 8 * MiB, 1_249_280, 128 * MiB, 128 * MiB])
    expect(planSchema.parse(smallest).gatherBytes).toBeNull()
    expect(newPlanSchema.parse({ ...smallest, sizesBytes: [], file: '/f' }).gatherBytes).toBeNull()
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
    [{ gatherBytes: 0 }, 'at least 4KiB'],
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
    ['the series’ is cut to any file', seriesGatherBytes, [MiB], null],
    ['the default is cut to any file', defaultGatherBytes(8192), [8192], null],
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

describe('the question of a plan', () => {
  const asking = (schemes: string[], more = {}) =>
    newPlanSchema.safeParse({ ...smallest, schemes, sizesBytes: [MiB, 8 * MiB], ...more })

  it('is the catalogue’s first overlapped scheme against its twin at the largest size, and stands in the plan', () => {
    const schemes = [
      'memfd-gather-direct',
      'normal',
      'memfd-direct',
      'memfd-async-direct',
      'read-async-direct',
    ]
    const question = { candidate: 'memfd-async-direct', baseline: 'memfd-direct', bytes: 8 * MiB }
    expect(asking(schemes).data?.question).toEqual(question)
    expect(questionOf(planSchema.parse({ ...smallest, schemes, sizesBytes: [MiB, 8 * MiB] }))).toEqual(
      question,
    )
  })

  it('is the later of two schemes against the earlier, and none of more without a twin', () => {
    expect(asking(['memfd-direct', 'normal']).data?.question).toMatchObject({
      candidate: 'memfd-direct',
      baseline: 'normal',
    })
    expect(asking(['memfd-direct', 'normal', 'memfd-buffered']).data?.question).toBeNull()
    expect(asking(['memfd-direct']).data?.question).toBeNull()
  })

  it.each([
    [{ candidate: 'normal', baseline: 'normal', bytes: MiB }, 'against itself'],
    [
      { candidate: 'normal', baseline: 'memfd-buffered', bytes: MiB },
      'memfd-buffered, which is not in the plan',
    ],
    [{ candidate: 'normal', baseline: 'memfd-direct', bytes: GiB }, 'a size that is not in the plan'],
    [{ candidate: 'normal', baseline: 'memfd-direct', bytes: null }, 'a size that is not in the plan'],
  ])('%j is refused: %s', (question, words) => {
    expect(asking(['memfd-direct', 'normal'], { question }).error?.issues[0]?.message).toContain(words)
  })
})

describe('huge pages of one size', () => {
  const problemOf = (change: Record<string, unknown>) => {
    const parsed = newPlanSchema.safeParse({ ...smallest, ...change })
    return parsed.success ? null : inputError(parsed.error).message
  }

  it('are huge pages, of a size that there is', () => {
    expect(problemOf({ hugePages: true, hugePageSize: '64KiB' })).toBeNull()
    expect(problemOf({ hugePages: true, hugePageSize: 'hugetlb' })).toBeNull()
    expect(problemOf({ hugePageSize: '64KiB' })).toContain('the plan does not ask for')
    expect(problemOf({ hugePages: true, hugePageSize: '3MiB' })).toContain('hugetlb')
  })

  it('are unknown to older plans, which had the largest', () => {
    expect(planSchema.parse({ ...smallest, hugePages: true }).hugePageSize).toBeNull()
  })
})
