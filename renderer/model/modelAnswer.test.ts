import { expect, test } from 'vitest'
import { GiB } from '../../contract/size.ts'
import { bundledProfile } from '../../model/profiles/bundledProfiles.ts'
import { predictAt, sweepAt } from './modelAnswer.ts'
import { gatherRequest } from './modelStore.ts'
import { untouchedKnobs as knobs } from './testing/knobs.ts'

const profile = bundledProfile(knobs.profile)

test('every chosen scheme is predicted at every size, and the swept one through all gathers up to the file', () => {
  const predicted = predictAt(knobs, profile)
  const swept = sweepAt(gatherRequest(knobs, profile), profile)
  if (!predicted.ok || !swept.ok) throw new Error('the untouched sliders cannot be simulated')
  expect(predicted.value.predictions.map(row => row.bytes)).toEqual(predicted.value.request.sizesBytes)
  expect(swept.value.scheme).toBe('read-async-direct')
  expect(swept.value.sweep.points.at(-1)?.gatherBytes).toBe(3 * GiB)
})

test('what cannot be simulated is said, of the predictions and of the sweep', () => {
  const impossible = { ...knobs, storageBytesPerSecond: -1 }
  const refused = { ok: false, error: { kind: 'bad-input' } }
  expect(predictAt(impossible, profile)).toMatchObject(refused)
  expect(sweepAt(gatherRequest(impossible, profile), profile)).toMatchObject(refused)
  const noGathers = sweepAt(gatherRequest({ ...knobs, swept: 'normal' }, profile), profile)
  expect(noGathers).toMatchObject({ ok: false, error: { message: 'normal has no gathers' } })
})
