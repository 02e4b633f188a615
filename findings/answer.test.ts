import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { planSchema } from '../contract/plan.ts'
import { marks } from '../contract/sample.ts'
import { type SchemeId, schemeIds } from '../contract/schemes.ts'
import { GiB, MiB } from '../contract/size.ts'
import { type Answer, answerOf } from './answer.ts'
import { cellsOf } from './cells.ts'
import { answerCases } from './testing/answerCases.ts'
import { storedSample } from './testing/storedSample.ts'

function said(condition: RegExp): Answer {
  const found = answerCases.filter(each => condition.test(each.condition))
  const [only] = found
  if (only === undefined || found.length > 1) throw new Error(`${condition} names ${found.length} cases`)
  const answer = answerOf(only.source)
  if (answer === null) throw new Error(`nothing is said of ${only.condition}`)
  return answer
}

describe('the question', () => {
  it('is tested alone, with its ratio and the share of the ceiling', () => {
    const { sentence, basis } = said(/^Overlap is all/)
    expect(sentence).toMatch(
      /^At 1 GiB overlapping saves 30 % \(.*, 95 % interval\); memfd-gather-direct reaches/,
    )
    expect(basis).toContain('tested alone: Mann-Whitney U, p < 0.001')
  })

  it('is answered with an estimate where so few repeats cannot decide, and says how many can', () => {
    for (const condition of [/^Three repeats/, /^Three tied/]) {
      const { sentence, basis } = said(condition)
      expect(sentence).toMatch(/takes 30 % less time than memfd-direct \(.*, 90 % interval\)/)
      expect(sentence).toContain('4 of each can')
      expect(basis).toContain('p = 0.10')
    }
    expect(said(/^One load/).sentence).toContain('one load each')
  })

  it('pays for looking again', () => {
    expect(said(/extended/).basis).toContain('for 2 looks')
  })
})

describe('what is picked after looking', () => {
  it('is called picked and corrected for all pairs', () => {
    const { sentence, basis } = said(/^No question/)
    expect(sentence).toContain('the fastest is memfd-direct, picked after looking')
    expect(basis).toContain('corrected for 3 pairs')
  })
})

describe('overlap', () => {
  it.each([
    [/^Most of what is saved is batching/, /320 ms is overlap, 4.08 s reading/],
    [/^One gather covers/, /nothing to overlap/],
    [/^Four readers/, /readers \(4 against 1\)/],
    [/^Two threads populate/, /populating threads \(2 against 1\)/],
    [/^Huge pages/, /the page size/],
    [/^The kernel took another path/, /lab module against heap flag/],
    [/^A kernel’s own patch/, /not timed apart/],
  ])('is not claimed: %s', (condition, basis) => {
    const answer = said(condition)
    expect(answer.sentence).not.toContain('overlapping')
    expect(answer.basis).toMatch(basis)
  })

  it('is set beside the ordinary way', () => {
    expect(said(/^Most of what/).sentence).toContain('The ordinary way, normal, takes 3.11 s')
    expect(said(/was warm/).basis).toContain('memfd-buffered is the ordinary way.')
  })
})

describe('what went wrong stands in the sentence', () => {
  it.each([
    [/was warm/, '10 of 10 loads of memfd-gather-buffered were marked "warm"'],
    [/fell back/, '6 of 10 loads of memfd-gather-direct were marked "fell back to buffered"'],
    [/fell back/, 'were marked "throttled"'],
    [/fell back/, '10 of 10 loads of memfd-direct were marked "not verified"'],
    [/^Half/, '5 of 10 loads of memfd-gather-direct failed (wrong byte at offset 4096'],
    [/^The largest size/, 'At 4 GiB memfd-gather-direct and memfd-direct could not be loaded (ENOMEM'],
    [/^Above/, '153 % of the storage’s ceiling, which no load can'],
    [/^A time of nothing/, '10 of 10 loads of memfd-direct took a time that cannot be'],
    [/^Two groups/, 'no one figure compares'],
    [/^Every load failed/, 'No load succeeded: EIO'],
  ])('%s', (condition, words) => {
    expect(said(condition).sentence).toContain(words)
  })

  it('and no cause is claimed beside it', () => {
    for (const condition of [/was warm/, /fell back/, /^Half/]) {
      expect(said(condition).sentence).not.toMatch(/overlapping|loading in/)
    }
  })

  it('even where an import has the column and not the mark', () => {
    const warm = { scheme: 'memfd-buffered', cold: false, verified: false } as const
    const samples = [storedSample(warm)]
    const plan = planSchema.parse({ target: 'local', schemes: ['memfd-buffered'], sizesBytes: [GiB] })
    const answer = answerOf({ plan, ceilingBytesPerSecond: 1e9, samples, cells: cellsOf(samples) })
    expect(answer?.sentence).toMatch(/1 of 1 load of memfd-buffered was marked "warm".*"not verified"/)
    expect(answer?.sentence).not.toContain('ceiling')
  })
})

test('nothing measured, nothing said', () => {
  const plan = planSchema.parse({ target: 'local', schemes: ['normal'], sizesBytes: [1] })
  expect(answerOf({ plan, ceilingBytesPerSecond: 1e9, samples: [], cells: [] })).toBeNull()
})

test('a run under way says what it has, and does not call failed what is to come', () => {
  const plan = planSchema.parse({
    target: 'local',
    schemes: ['memfd-direct', 'memfd-gather-direct'],
    sizesBytes: [MiB, GiB],
  })
  const samples = [storedSample({ bytes: MiB })]
  const sentence = answerOf({ plan, ceilingBytesPerSecond: null, samples, cells: cellsOf(samples) })?.sentence
  expect(sentence).toBe('memfd-direct loads 1 MiB in 1.30 s.')
})

test('whatever is measured, no figure is infinite, missing or minus nothing', () => {
  const sample = fc
    .record({
      scheme: fc.constantFrom<SchemeId>(...schemeIds),
      bytes: fc.constantFrom(MiB, 64 * MiB, GiB),
      totalNs: fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 1, max: 1e10 })),
      allocNs: fc.option(fc.integer({ min: 0, max: 1e9 })),
      readNs: fc.option(fc.integer({ min: 0, max: 1e9 })),
      gatherBytes: fc.option(fc.constantFrom(MiB, 128 * MiB)),
      status: fc.constantFrom('ok' as const, 'failed' as const),
      cold: fc.boolean(),
      verified: fc.boolean(),
      marks: fc.subarray([...marks]),
    })
    .map(({ status, totalNs, ...rest }) =>
      storedSample({
        ...rest,
        status,
        totalNs: status === 'ok' ? totalNs : null,
        reason: status === 'ok' ? '' : 'EIO',
      }),
    )
  fc.assert(
    fc.property(
      fc.array(sample, { maxLength: 24 }),
      fc.option(fc.integer({ min: 1, max: 1e11 })),
      (samples, ceiling) => {
        const schemes = [...new Set(samples.map(each => each.scheme)), ...schemeIds].slice(0, 4)
        const plan = planSchema.parse({ target: 'local', schemes: [...new Set(schemes)], sizesBytes: [GiB] })
        const answer = answerOf({ plan, ceilingBytesPerSecond: ceiling, samples, cells: cellsOf(samples) })
        expect(`${answer?.sentence} ${answer?.basis}`).not.toMatch(/Infinity|NaN|-0\.0 %|null/)
      },
    ),
  )
})
