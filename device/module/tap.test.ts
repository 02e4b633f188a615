import { expect, test } from 'vitest'
import { parseTap } from './tap.ts'

test('sorts results, notes and the plan', () => {
  const report = parseTap('noise\nok 1 - a\nnot ok 2 - b: why\n# a figure\n1..2\n')
  expect(report).toEqual({
    passed: ['a'],
    failed: ['b: why'],
    notes: ['a figure'],
    planned: 2,
    bailedOut: null,
  })
})

test('a program that died or gave up is no success', () => {
  expect(parseTap('ok 1 - a\n').planned).toBeNull()
  expect(parseTap('ok 1 - a\nBail out! no disk: EIO\n').bailedOut).toBe('no disk: EIO')
})
