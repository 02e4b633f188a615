import { expect, test } from 'vitest'
import { longSubjects } from './commitSubjects.ts'

test('a subject has at most 72 characters, its hash not counted', () => {
  const short = `0123456 ${'s'.repeat(72)}`
  const long = `0123456789 ${'s'.repeat(73)}`
  expect(longSubjects(`${short}\n${long}\n`)).toEqual([long])
  expect(longSubjects('')).toEqual([])
})
