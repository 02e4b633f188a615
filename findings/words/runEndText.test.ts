import { expect, test } from 'vitest'
import { runSummary } from '../testing/runSummary.ts'
import { runEndText } from './runEndText.ts'

test('the end says what was kept', () => {
  const run = runSummary({
    id: 7,
    status: 'cancelled',
    reason: 'cancelled',
    samplesDone: 2,
    samplesPlanned: 9,
  })
  expect(runEndText(run)).toBe('Run 7 cancelled: 2 of 9 samples kept.')
})

test('failures are counted and a reason is given', () => {
  const run = runSummary({ status: 'interrupted', reason: 'The device went away.', samplesFailed: 1 })
  expect(runEndText(run)).toBe(
    'Run 1 interrupted: 3 of 3 samples kept, 1 of them failed. The device went away.',
  )
})
