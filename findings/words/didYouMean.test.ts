import fc from 'fast-check'
import { expect, test } from 'vitest'
import { schemeIds } from '../../contract/schemes.ts'
import { didYouMean } from './didYouMean.ts'

test.each([
  ['memfd-dierct', 'memfd-direct'],
  ['memfd-gater-direct', 'memfd-gather-direct'],
  ['Normal', 'normal'],
  ['udmabuf-asinc-direct', 'udmabuf-async-direct'],
  ['read-sync-buffred', 'read-sync-buffered'],
])('%s', (word, meant) => {
  expect(didYouMean(word, schemeIds)).toBe(`Did you mean ${meant}?`)
})

test.each(['quick', '', 'x'.repeat(5000), '\u0000'])('nothing is near to %j', word => {
  expect(didYouMean(word, schemeIds)).toBe('')
})

test('a known word with one slip is found again', () => {
  fc.assert(
    fc.property(fc.constantFrom(...schemeIds), fc.nat(), fc.constantFrom('x', ''), (id, at, put) => {
      const place = at % id.length
      const slip = id.slice(0, place) + put + id.slice(place + 1)
      // Two ids may be as near.
      expect(didYouMean(slip, schemeIds)).not.toBe('')
    }),
  )
})
