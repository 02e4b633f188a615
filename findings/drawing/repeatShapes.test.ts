import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellsOf } from '../cells.ts'
import { storedSample } from '../testing/storedSample.ts'
import { repeatScale, repeatShapes } from './repeatShapes.ts'

const loads = fc.array(fc.integer({ min: 1, max: 1e12 }), { minLength: 1, maxLength: 30 })

test('every repeat is a point inside the drawing, from left to right in the order of the run', () => {
  fc.assert(
    fc.property(loads, loads, (serial, overlapped) => {
      const samples = [
        ...serial.map((totalNs, at) => storedSample({ totalNs, repeat: at, index: 2 * at })),
        ...overlapped.map((totalNs, at) =>
          storedSample({ scheme: 'memfd-gather-direct', totalNs, repeat: at, index: 2 * at + 1 }),
        ),
      ]
      const cells = cellsOf(samples)
      const scale = repeatScale(cells, 900, 140)
      if (scale === null) throw new Error('there are repeats')
      const points = repeatShapes(cells, scale, 'light').filter(({ kind }) => kind === 'repeat')
      expect(points).toHaveLength(samples.length)
      for (const scheme of ['memfd-direct', 'memfd-gather-direct']) {
        const places = points
          .filter(({ title }) => title?.startsWith(`${scheme},`))
          .map(({ at }) => (/^M(\S+) (\S+?)a/.exec(String(at.d)) ?? []).slice(1).map(Number))
        const across = places.map(([x = Number.NaN]) => x)
        expect(across).toEqual(across.toSorted((a, b) => a - b))
        for (const [x = -1, y = -1] of places) {
          expect(x >= 0 && x <= 900).toBe(true)
          expect(y >= 0 && y <= 140).toBe(true)
        }
      }
    }),
  )
})

test('nothing is drawn of nothing', () => {
  expect(repeatScale([], 900, 140)).toBeNull()
})
