import { expect, test } from 'vitest'
import { GiB, MiB } from '../../contract/size.ts'
import {
  estimateOf,
  firstDraft,
  type PlanDraft,
  planDraftSchema,
  readDraft,
  toggled,
  withSize,
} from './planDraft.ts'

const read = (differences: Partial<PlanDraft>) =>
  readDraft({ ...firstDraft, ...differences }, 'local', ['memfd-direct', 'memfd-gather-direct'])

test('the first draft is a valid plan', () => {
  const reading = read({})
  expect(reading).toMatchObject({
    ok: true,
    plan: { target: 'local', repeats: 10, warmups: 1, gatherBytes: MiB, pressureBytes: 0, file: null },
  })
})

test('sizes, pressure and temperature are read in the words of the panel', () => {
  const reading = read({ gather: '64MiB', pressure: '4 GiB', coolBelow: '45', sizesBytes: [GiB, MiB] })
  expect(reading).toMatchObject({
    ok: true,
    plan: {
      gatherBytes: 64 * MiB,
      pressureBytes: 4 * GiB,
      coolBelowMilliCelsius: 45_000,
      sizesBytes: [MiB, GiB],
    },
  })
})

test.each<[Partial<PlanDraft>, string, RegExp]>([
  [{ repeats: 'ten' }, 'repeats', /"ten" is not a whole number/],
  [{ repeats: '0' }, 'repeats', /repeats/],
  [{ gather: '3' }, 'gather', /at least 4KiB/],
  [{ gather: 'big' }, 'gather', /"big" is not a size/],
  [{ gather: '2GiB', sizesBytes: [GiB] }, 'gather', /larger than the file of 1GiB/],
  [{ readers: '65' }, 'readers', /readers/],
  [{ pressure: '-1GiB' }, 'pressure', /not above zero/],
  [{ source: 'own', path: '  ' }, 'path', /give the path of your file/],
  [{ heap: 'a b' }, 'heap', /dma_heap/],
  [{ coolBelow: '5' }, 'coolBelow', /^cool below: from 20/],
])('%o names the field %s and what is wrong with it', (differences, field, message) => {
  const reading = read(differences)
  if (reading.ok) throw new Error('the draft was accepted')
  expect(reading.field).toBe(field)
  expect(reading.error.message).toMatch(message)
})

test('no size and no file of one’s own is refused, a file alone is enough', () => {
  expect(read({ sizesBytes: [] })).toMatchObject({ ok: false, field: null })
  expect(read({ sizesBytes: [], source: 'own', path: '/data/model' })).toMatchObject({
    ok: true,
    plan: { file: '/data/model', sizesBytes: [] },
  })
})

test('the estimate counts warm-ups, and the file where there are no sizes', () => {
  const sized = read({ sizesBytes: [8 * MiB, GiB] })
  const own = read({ sizesBytes: [], source: 'own', path: '/x' })
  if (!sized.ok || !own.ok) throw new Error('a plan was refused')
  expect(estimateOf(sized.plan, null)).toEqual({ samples: 44, bytes: 22 * (8 * MiB + GiB) })
  expect(estimateOf(own.plan, 5 * MiB)).toEqual({ samples: 22, bytes: 22 * 5 * MiB })
})

test('a size that is typed is offered and chosen, once, in order', () => {
  const draft = withSize(withSize(firstDraft, 64 * MiB), 64 * MiB)
  expect(draft.sizesBytes).toEqual([8 * MiB, 64 * MiB])
  expect(draft.offeredBytes).toEqual([512 * 1024, 8 * MiB, 64 * MiB, GiB, 3 * GiB])
})

test('toggling twice changes nothing', () => {
  expect(toggled(toggled(['a', 'b'], 'c'), 'c')).toEqual(['a', 'b'])
  expect(toggled(['a', 'b'], 'a')).toEqual(['b'])
})

test('a question of the person’s own is asked, and one that the plan has outgrown is not', () => {
  const question = { candidate: 'memfd-direct', baseline: 'memfd-gather-direct', bytes: MiB } as const
  expect(read({ sizesBytes: [MiB, GiB], question })).toMatchObject({ ok: true, plan: { question } })
  const own = { candidate: 'memfd-gather-direct', baseline: 'memfd-direct', bytes: GiB }
  expect(read({ sizesBytes: [GiB], question })).toMatchObject({ ok: true, plan: { question: own } })
  const stranger = { ...question, candidate: 'normal' } as const
  expect(read({ sizesBytes: [MiB, GiB], question: stranger })).toMatchObject({ plan: { question: own } })
})

test('gathers to try make a tuning of one scheme at one size, and are refused in words otherwise', () => {
  const tries = '4MiB, 16MiB,64 MiB'
  const one = readDraft({ ...firstDraft, sizesBytes: [GiB], tries, readers: '2' }, 'local', [
    'memfd-gather-direct',
  ])
  expect(one).toMatchObject({
    ok: true,
    plan: { tuning: [4, 16, 64].map(count => ({ gatherBytes: count * MiB, readers: 2 })) },
  })
  expect(read({ sizesBytes: [GiB], tries })).toMatchObject({
    ok: false,
    field: 'tries',
    error: { message: 'gathers to try: a tuning is of one scheme at one size' },
  })
  expect(read({ tries: 'many' })).toMatchObject({ ok: false, field: 'tries' })
})

test('a draft that an older lab kept is still a draft', () => {
  const { tries: _tries, question: _question, ...older } = firstDraft
  expect(planDraftSchema.parse(older)).toEqual(firstDraft)
})
