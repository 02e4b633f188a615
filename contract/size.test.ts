import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabFailure } from './error.ts'
import { formatSize, GiB, KiB, MiB, parseSize } from './size.ts'

function kindOf(text: string): string {
  try {
    parseSize(text)
  } catch (thrown) {
    if (thrown instanceof LabFailure) return thrown.kind
    throw thrown
  }
  return 'accepted'
}

describe('parseSize', () => {
  it.each([
    ['512KiB', 512 * KiB],
    ['8 MiB', 8 * MiB],
    ['1.5gib', 1.5 * GiB],
    ['3g', 3 * GiB],
    ['4097', 4097],
  ])('reads %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each(['', 'x', '0', '-8MiB', '0.3B', '1e9', 'NaN', 'Infinity', '8 MB', '9007199254740993', '1;rm'])(
    'refuses %j',
    text => {
      expect(kindOf(text)).toBe('bad-input')
    },
  )

  it.each([
    ['1,5MiB', 'Write 1.5MiB: a comma separates sizes.'],
    ['8MB', 'Write 8MiB, which is 8388608 bytes, or 8000000 for so many bytes.'],
    ['1.5 gb', 'Write 1.5GiB, which is 1610612736 bytes, or 1500000000 for so many bytes.'],
    ['8Mb/s', 'Write a size like 512KiB, 8MiB, 1GiB, or a number of bytes.'],
  ])('says of %s what was meant', (text, hint) => {
    expect(() => parseSize(text)).toThrow(expect.objectContaining({ kind: 'bad-input', hint }))
  })

  it('reads back every whole count of a unit that formatSize writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1023 }), fc.constantFrom(1, KiB, MiB, GiB), (count, unit) => {
        expect(parseSize(formatSize(count * unit))).toBe(count * unit)
      }),
    )
  })

  it('never gives anything but a positive safe integer', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        try {
          const bytes = parseSize(text)
          expect(Number.isSafeInteger(bytes) && bytes > 0).toBe(true)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(LabFailure)
        }
      }),
    )
  })
})

describe('formatSize', () => {
  it.each([
    [1, '1B'],
    [4097, '4KiB'],
    [8 * MiB, '8MiB'],
    [1.5 * GiB, '1.5GiB'],
    [1536 * KiB + 1, '1.5MiB'],
    [1023 * MiB, '1023MiB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text)
  })
})
