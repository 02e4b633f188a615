import { expect, test } from 'vitest'
import type { Prediction } from '../../contract/model.ts'
import { GiB, MiB } from '../../contract/size.ts'
import { modelSentence } from './modelSentence.ts'

function row(differences: Partial<Prediction>): Prediction {
  return {
    scheme: 'normal',
    bytes: GiB,
    reason: '',
    totalNs: 2e9,
    allocNs: 1e9,
    readNs: 1e9,
    serialSumNs: 2e9,
    overlappedBoundNs: null,
    overlapWon: null,
    batchingGainNs: null,
    overlapGainNs: null,
    ...differences,
  }
}

const sweep = {
  points: [],
  bestBytes: 64 * MiB,
  bestNs: 1e9,
  flatFromBytes: 16 * MiB,
  flatToBytes: 128 * MiB,
}

test('names the fastest scheme at the size asked for, and its overlap', () => {
  const rows = [
    row({}),
    row({ scheme: 'read-async-direct', totalNs: 1.5e9, overlapWon: 0.9 }),
    row({ scheme: 'udmabuf-direct', bytes: MiB, totalNs: 1 }),
  ]
  expect(modelSentence(rows, GiB, null)).toBe(
    'At 1 GiB read-async-direct is fastest: 1.50 s, with 90 % of the overlap won.',
  )
})

test('says where the gather size does not matter', () => {
  expect(modelSentence([row({})], GiB, { scheme: 'read-async-direct', sweep })).toContain(
    'any gather from 16 MiB to 128 MiB is within 2 % of the best',
  )
})

test('says so when every scheme is refused', () => {
  const refused = row({ totalNs: null, reason: 'restricted heap' })
  expect(modelSentence([refused], GiB, null)).toBe('None of these schemes can load this file.')
})
