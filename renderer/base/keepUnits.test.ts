import { expect, test } from 'vitest'
import { keepUnits } from './keepUnits.ts'

test('a number stays with its unit, other words may break', () => {
  const kept = keepUnits('At 1 GiB overlapping saves 41 % here: 751 ms at 1.43 GB/s, 10 repeats.')
  expect(kept.split(' ')).toEqual([
    'At',
    '1\u00a0GiB',
    'overlapping',
    'saves',
    '41\u00a0%',
    'here:',
    '751\u00a0ms',
    'at',
    '1.43\u00a0GB/s,',
    '10',
    'repeats.',
  ])
})
