import { expect, test } from 'vitest'
import { chosenStages, stages, stepWords } from './suiteSteps.ts'

const namesOf = (...words: string[]) =>
  chosenStages(words)
    .flatMap(({ lanes, open }) => [...lanes.flat(), ...open])
    .map(step => step.name)

test('without a word, all of it in its order', () => {
  expect(chosenStages([])).toEqual(stages)
  expect(stepWords).toEqual(['quick', 'lint', 'build', 'types', 'unit', 'processes', 'whole', 'device'])
})

test('quick is lint, types and what needs no device, no compiler and no process of its own', () => {
  expect(namesOf('quick')).toEqual([
    'lint',
    'lint, C style',
    'lint, dead code',
    'lint, commit subjects',
    'types, pure',
    'types, page',
    'types, node',
    'types, all',
    'unit',
  ])
  expect(namesOf('device', 'build')).toEqual([
    'build',
    'device',
    'device, own 1',
    'device, own 2',
    'device, own 3',
  ])
})
