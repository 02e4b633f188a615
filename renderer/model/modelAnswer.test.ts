import { expect, test } from 'vitest'
import { GiB, MiB } from '../../contract/size.ts'
import { ProfileShelf } from '../../engine/simulation/profiles.ts'
import { predictAt, sweepAt } from './modelAnswer.ts'
import type { Knobs } from './modelStore.ts'

const profile = new ProfileShelf('').get('ufs4-phone-2024')
const knobs: Knobs = {
  profile: profile.name,
  storageBytesPerSecond: null,
  storageLatencyNs: null,
  allocBytesPerSecond: null,
  gatherBytes: 128 * MiB,
  readers: 1,
  fileBytes: 3 * GiB,
  pressureBytes: 0,
  schemes: ['normal'],
  swept: 'read-async-direct',
}

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
