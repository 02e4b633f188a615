import { expect, test } from 'vitest'
import { canResume } from './canResume.ts'

test.each([
  ['a run that goes on', { status: 'running', samplesDone: 2, samplesFailed: 1 }, false],
  ['a run that is whole', { status: 'finished', samplesDone: 4, samplesFailed: 0 }, false],
  ['a finished run with a failed sample', { status: 'finished', samplesDone: 4, samplesFailed: 1 }, true],
  ['a run that ended early', { status: 'interrupted', samplesDone: 2, samplesFailed: 0 }, true],
  ['a run whose last sample failed', { status: 'failed', samplesDone: 4, samplesFailed: 3 }, true],
  ['a damaged run', { status: 'interrupted', damaged: true, samplesDone: 2, samplesFailed: 0 }, false],
] as const)('%s', (_, changes, expected) => {
  expect(canResume({ samplesPlanned: 4, damaged: false, ...changes })).toBe(expected)
})
