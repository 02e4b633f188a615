import { expect, test } from 'vitest'
import { calmSentence, claimOf } from './calmSentence.ts'

const faster = 'At 64 MiB overlapping saves 41 % here; 82 % of the storage’s ceiling.'

test('a sentence with other figures makes the same claim', () => {
  const next = 'At 64 MiB overlapping saves 39 % here; 9.7 % of the storage’s ceiling.'
  expect(claimOf(next)).toBe(claimOf(faster))
  expect(calmSentence(faster, next)).toBe(faster)
})

test.each([
  'At 64 MiB overlapping costs 41 % here; 82 % of the storage’s ceiling.',
  'At 64 MiB overlapping makes no difference that these repeats can show; 82 % of the storage’s ceiling.',
  'memfd-direct loads 64 MiB in 20.1 ms.',
])('another claim is shown at once: %s', next => {
  expect(calmSentence(faster, next)).toBe(next)
})

test('figures in the name of a scheme are words', () => {
  expect(claimOf('scheme-2 is fastest')).not.toBe(claimOf('scheme-3 is fastest'))
})

test('the first sentence is shown as it is', () => {
  expect(calmSentence(null, faster)).toBe(faster)
})
