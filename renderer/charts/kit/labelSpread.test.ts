import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spreadLabels } from './labelSpread.ts'

const room = { gap: 10, top: 0, bottom: 300 }

test('labels that do not touch stay where they are', () => {
  expect(spreadLabels([50, 10, 100], room)).toEqual([50, 10, 100])
})

test('labels that touch move apart and keep their order', () => {
  expect(spreadLabels([100, 101, 99], room)).toEqual([109, 119, 99])
  expect(spreadLabels([299, 300], room)).toEqual([290, 300])
})

test('while there is room, no two labels overlap and none leaves the chart', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 30 }), wanted => {
      const placed = spreadLabels(wanted, room).sort((a, b) => a - b)
      for (const [index, at] of placed.entries()) {
        expect(at).toBeGreaterThanOrEqual(0)
        expect(at).toBeLessThanOrEqual(300)
        const before = placed[index - 1]
        if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(10)
      }
    }),
  )
})
