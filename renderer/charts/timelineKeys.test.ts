import { expect, test } from 'vitest'
import { timelineCommand } from './timelineKeys.ts'

const press = (key: string, held: object = {}) =>
  timelineCommand({ key, ctrlKey: false, altKey: false, metaKey: false, ...held })

test('letters and arrows do the same, in either case', () => {
  expect(press('w')).toEqual(press('ArrowUp'))
  expect(press('W')).toEqual({ name: 'zoom', factor: 0.8 })
  expect(press('d')).toEqual({ name: 'move', share: 0.15 })
  expect(press('ArrowLeft')).toEqual({ name: 'move', share: -0.15 })
  expect(press('?')).toEqual({ name: 'keys' })
})

test('zooming in and out again comes back', () => {
  const [near, far] = [press('w'), press('s')]
  if (near?.name !== 'zoom' || far?.name !== 'zoom') throw new Error('both zoom')
  expect(near.factor * far.factor).toBeCloseTo(1)
})

test('what belongs to the browser or the lab is left alone', () => {
  for (const key of ['Enter', 'Tab', '1', 'F5', 'x', 'toString']) expect(press(key)).toBeNull()
  expect(press('a', { ctrlKey: true })).toBeNull()
  expect(press('f', { metaKey: true })).toBeNull()
})
