import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Side } from '../../contract/comparison.ts'
import { schemeIds } from '../../contract/schemes.ts'
import { hashOf, parseHash } from '../base/route.ts'
import { distinctSides, parseSide, sideText } from './sideText.ts'

const scheme = fc.option(fc.constantFrom(...schemeIds))
const device = fc
  .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
  .filter(text => !schemeIds.some(each => text.endsWith(`:${each}`)))
const side: fc.Arbitrary<Side> = fc.oneof(
  fc.record({ runId: fc.integer({ min: 1 }), scheme }),
  fc.record({ device, scheme }),
)

test('every side survives its way through the address', () => {
  fc.assert(
    fc.property(fc.array(side, { maxLength: 8 }), sides => {
      const { args } = parseHash(hashOf('compare', ...sides.map(sideText)))
      expect(args.map(parseSide)).toEqual(sides)
    }),
  )
})

test('what names no side is none, and a side is there once', () => {
  expect(['', '0', 'x', 'device:', 'memfd-direct', ':memfd-direct'].map(parseSide)).toEqual([
    ...[null, null, null, null, null, null],
  ])
  const one = { runId: 1, scheme: null }
  expect(distinctSides([one, { runId: 2, scheme: null }, one])).toEqual([one, { runId: 2, scheme: null }])
})
