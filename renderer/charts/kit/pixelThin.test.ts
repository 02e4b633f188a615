import { expect, test } from 'vitest'
import { thinToPixels } from './pixelThin.ts'

test('ten thousand points on a hundred pixels become a hundred, none of the pixels lost', () => {
  const points = Array.from({ length: 10_000 }, (_, index) => ({ x: (index % 100) + 0.1, y: 7 }))
  const thinned = thinToPixels(points, point => point)
  expect(thinned).toHaveLength(100)
  expect(new Set(thinned.map(point => Math.round(point.x))).size).toBe(100)
})
