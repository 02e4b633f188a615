import { expect, test } from 'vitest'
import { requirementStates, schemeStatuses } from '../contract/target.ts'
import { exampleCapabilities } from '../db/fixtures/exampleRun.ts'
import { showableText } from './showable.ts'

function machineWith(...met: readonly string[]) {
  const requirements = requirementStates(id => (met.includes(id) ? '' : `no ${id}`))
  return { ...exampleCapabilities(), requirements, schemes: schemeStatuses(requirements) }
}

test.each([
  [['o-direct'], /^No dma-heap and no udmabuf here\. Plain shared memory/],
  [['o-direct', 'udmabuf'], /udmabuf.*gather by gather/],
  [['o-direct', 'udmabuf', 'alloc-and-read'], /in-kernel read/],
])('a machine with %o', (met, words) => {
  expect(showableText(machineWith(...met))).toMatch(words)
})

test('a simulated device says that nothing is measured', () => {
  expect(showableText({ ...machineWith('o-direct'), simulated: true })).toMatch(/^A simulated device/)
})
