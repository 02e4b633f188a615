import { expect, test } from 'vitest'
import { tickText } from './tickText.ts'

test('ticks drop zeros that say nothing, and only those', () => {
  expect([0, 1e7, 1.5e9, 1e9, 2e10, 1e8, 1.05e9].map(tickText)).toEqual([
    '0',
    '10 ms',
    '1.5 s',
    '1 s',
    '20 s',
    '100 ms',
    '1.05 s',
  ])
})
