import { expect, test } from 'vitest'
import { GiB } from '../../contract/size.ts'
import { ProfileShelf } from '../../engine/simulation/profiles.ts'
import { untouchedKnobs as knobs } from '../testing/knobs.ts'
import { predictAt, sweepAt } from './modelAnswer.ts'

const profile = new ProfileShelf('').get(knobs.profile)

test('every chosen scheme is predicted at every size, and the swept one through all gathers up to the file', () => {
  const answer = sweepAt(predictAt(knobs, profile))
  if (!answer.ok) throw new Error(answer.error.message)
  const { request, predictions, scheme, sweep } = answer.value
  expect(predictions.map(row => row.bytes)).toEqual(request.sizesBytes)
  expect(scheme).toBe('read-async-direct')
  expect(sweep.points.at(-1)?.gatherBytes).toBe(3 * GiB)
})

test('what cannot be simulated is said, of the predictions and of what follows from them', () => {
  const impossible = predictAt({ ...knobs, storageBytesPerSecond: -1 }, profile)
  expect(impossible).toMatchObject({ ok: false, error: { kind: 'bad-input' } })
  expect(sweepAt(impossible)).toBe(impossible)
  const noGathers = sweepAt(predictAt({ ...knobs, swept: 'normal' }, profile))
  expect(noGathers).toMatchObject({ ok: false, error: { message: 'normal has no gathers' } })
})
