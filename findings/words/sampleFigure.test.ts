import { expect, test } from 'vitest'
import { sampleFigure } from './sampleFigure.ts'

test.each([
  ['cpuNs', 926_959_000, 'cpu', '927 ms'],
  ['deviceReadBytes', 1_073_741_824, 'device read', '1 GiB'],
  ['residentBytesBefore', 0, 'resident before', '0 B'],
  ['physicalRuns', 3328, 'physical runs', '3328'],
  ['populators', 1, 'populators', '1'],
])('%s of %d reads as %s %s', (name, value, title, text) => {
  expect(sampleFigure(name, value)).toEqual({ title, text })
})
