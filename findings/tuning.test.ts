import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Setting } from '../contract/plan.ts'
import { GiB, MiB } from '../contract/size.ts'
import { cellsOf } from './cells.ts'
import { randomStream } from './statistics/randomStream.ts'
import { storedSample } from './testing/storedSample.ts'
import { tuningAnswer, tuningOf } from './tuning.ts'

const setting = (differences: Partial<Setting> = {}): Setting => ({
  ...{ gatherBytes: 128 * MiB, readers: 1, populators: 1, hugePages: false },
  ...differences,
})

/** A tuning whose settings take these times in ms, `repeats` loads each, with noise of 2 % and its own seed. */
function tuned(settings: readonly (readonly [Setting, number])[], repeats = 8, seed = 'tuning') {
  const random = randomStream(seed)
  const samples = settings.flatMap(([, ms], place) =>
    Array.from({ length: repeats }, (_, repeat) =>
      storedSample({
        ...{ scheme: 'memfd-gather-direct', bytes: GiB, repeat, setting: place },
        totalNs: Math.round(ms * 1e6 * (1 + 0.02 * random())),
      }),
    ),
  )
  const plan = { tuning: settings.map(([each]) => each), schemes: ['memfd-gather-direct' as const] }
  const cells = cellsOf(samples)
  const tuning = tuningOf(plan, cells)
  const answer = tuningAnswer(plan, cells, samples)
  if (tuning === null || answer === null) throw new Error('nothing was measured')
  return { tuning, answer }
}

describe('a tuning', () => {
  it('says what to use, what it gains and how sure that is', () => {
    const faster = setting({ gatherBytes: 32 * MiB, readers: 2 })
    const { tuning, answer } = tuned([
      [setting(), 1000],
      [setting({ readers: 2 }), 990],
      [faster, 700],
      [setting({ hugePages: true }), 1300],
    ])
    expect(tuning.best.setting).toEqual(faster)
    expect(answer.sentence).toMatch(
      /^At 1 GiB memfd-gather-direct: use gather 32 MiB, 2 readers, 1 populating thread, ordinary pages. It takes 30 % less time than with gather 128 MiB, 1 reader.*95 % interval\), p < 0.001/,
    )
    expect(answer.basis).toContain('corrected for 3 comparisons (Holm)')
  })

  it('takes the pages that need least of the machine among those that are as good', () => {
    const { tuning, answer } = tuned([
      [setting(), 1000],
      [setting({ hugePages: true, hugePageSize: 'hugetlb' }), 700],
      [setting({ hugePages: true, hugePageSize: '64KiB' }), 700],
    ])
    expect(tuning.best.setting.hugePageSize).toBe('64KiB')
    expect(answer.sentence).toContain('huge pages of 64KiB')
  })

  it('finds nothing to gain among identical settings', () => {
    const { tuning, answer } = tuned(Array.from({ length: 6 }, () => [setting(), 800] as const))
    expect(tuning.best).toBe(tuning.reference)
    expect(answer.sentence).toContain('nothing is gained over gather 128 MiB')
  })

  it('hardly ever takes noise for a gain: identical settings come out as equal', () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => `noise ${seed}`)
    const fooled = seeds.filter(seed => {
      const { tuning } = tuned(
        Array.from({ length: 6 }, () => [setting(), 800] as const),
        8,
        seed,
      )
      return tuning.best !== tuning.reference
    })
    // At most 5 % of 200; three standard deviations more are 19.
    expect(fooled.length).toBeLessThan(20)
  })

  it('prefers fewer threads and ordinary pages among what is as good', () => {
    const simple = setting({ gatherBytes: 32 * MiB })
    const { tuning } = tuned([
      [setting(), 1000],
      [setting({ gatherBytes: 32 * MiB, readers: 2 }), 700],
      [setting({ gatherBytes: 32 * MiB, hugePages: true }), 700],
      [simple, 702],
    ])
    expect(tuning.best.setting).toEqual(simple)
  })

  it('says how many repeats can decide where these cannot, with the estimate', () => {
    const { answer } = tuned(
      [[setting(), 1000], ...[2, 3, 4].map(readers => [setting({ readers }), 700] as const)],
      4,
    )
    expect(answer.sentence).toContain('so few repeats cannot decide between 4 settings, 5 of each can')
    expect(answer.sentence).toMatch(/The least time so far has .* less time than with gather 128 MiB/)
  })

  it('never advises what is slower than the first setting', () => {
    const times = fc.array(fc.integer({ min: 100, max: 2000 }), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(times, fc.string(), (all, seed) => {
        const { tuning } = tuned(
          all.map((ms, place) => [setting({ readers: place + 1 }), ms] as const),
          6,
          seed,
        )
        const { best, reference } = tuning
        expect(best.cell.summary.median).toBeLessThanOrEqual(reference?.cell.summary.median ?? 0)
      }),
    )
  })
})
