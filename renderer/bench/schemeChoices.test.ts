import { expect, test } from 'vitest'
import type { RequirementId } from '../../contract/schemes.ts'
import { type Capabilities, requirementStates, schemeStatuses } from '../../contract/target.ts'
import { familyChoices, runnable } from './schemeChoices.ts'

/** A target that lacks the named requirements; the environment plays no part here. */
function target(title: string, lacks: readonly RequirementId[]): Pick<Capabilities, 'title' | 'schemes'> {
  const states = requirementStates(id => (lacks.includes(id) ? `needs ${id}` : ''))
  return { title, schemes: schemeStatuses(states) }
}

test('before a probe everything can be chosen', () => {
  const { choices, sharedReason } = familyChoices('udmabuf', [])
  expect(choices.every(choice => choice.can && choice.reasons.length === 0)).toBe(true)
  expect(sharedReason).toBeNull()
})

test('a reason that a whole family shares is said once', () => {
  const { choices, sharedReason } = familyChoices('udmabuf', [target('phone', ['udmabuf'])])
  expect(choices.some(choice => choice.can)).toBe(false)
  expect(sharedReason).toBe('needs udmabuf')
})

test('reasons that differ stay with their schemes', () => {
  const { choices, sharedReason } = familyChoices('udmabuf', [target('phone', ['o-direct'])])
  expect(sharedReason).toBeNull()
  expect(choices.filter(choice => !choice.can).map(choice => choice.scheme)).toEqual([
    'udmabuf-direct',
    'udmabuf-async-direct',
    'udmabuf-gather-direct',
    'udmabuf-list-direct',
  ])
})

test('with several targets one that can is enough, and the others are named', () => {
  const { choices } = familyChoices('memfd', [target('A', ['o-direct']), target('B', [])])
  const direct = choices.find(choice => choice.scheme === 'memfd-direct')
  expect(direct).toMatchObject({ can: true, reasons: ['not on A: needs o-direct'] })
})

test('a plan leaves out what its target cannot run', () => {
  const phone = target('phone', ['o-direct'])
  expect(runnable(['memfd-buffered', 'memfd-direct'], phone)).toEqual(['memfd-buffered'])
  expect(runnable(['memfd-direct'], null)).toEqual(['memfd-direct'])
})
