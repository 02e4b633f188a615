import { expect, test } from 'vitest'
import { type RequirementId, schemeOf } from '../contract/schemes.ts'
import { requirementStates, schemeStatuses } from '../contract/target.ts'
import { exampleCapabilities } from '../db/fixtures/exampleRun.ts'
import { remediesOf } from './remedies.ts'

function machine(met: readonly RequirementId[], target = 'local') {
  const requirements = requirementStates(id => (met.includes(id) ? '' : `no ${id}`))
  return { ...exampleCapabilities(), target, requirements, schemes: schemeStatuses(requirements) }
}

test('a remedy names the schemes that lack nothing else then', () => {
  const [driver, device, ...more] = remediesOf(machine(['o-direct']))
  expect(driver).toMatchObject({ command: 'modprobe udmabuf' })
  expect(driver?.adds).toContain('udmabuf-gather-direct')
  for (const scheme of driver?.adds ?? []) expect(schemeOf(scheme).needs).toContain('udmabuf')
  expect(device?.adds).toContain('normal')
  expect(device?.adds).not.toContain('normal-dontcache')
  expect(more).toEqual([])
  // Without O_DIRECT the driver alone adds the buffered ones.
  const adds = remediesOf(machine([]))[0]?.adds ?? []
  expect(adds.length).toBeGreaterThan(0)
  for (const scheme of adds) expect(schemeOf(scheme).needs).not.toContain('o-direct')
})

test('where all can run, or somewhere else, there is nothing to do', () => {
  expect(remediesOf(machine(['o-direct', 'udmabuf'], 'adb:R5CT1'))).toEqual([])
  const all = exampleCapabilities()
  const requirements = requirementStates(() => '')
  expect(remediesOf({ ...all, requirements, schemes: schemeStatuses(requirements) })).toEqual([])
})
