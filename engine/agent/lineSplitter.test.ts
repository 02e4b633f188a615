import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabFailure } from '../../contract/error.ts'
import { LineSplitter, maxLineBytes } from './lineSplitter.ts'

function split(chunks: readonly Uint8Array[]): { lines: string[]; rest: string } {
  const splitter = new LineSplitter()
  const lines = chunks.flatMap(chunk => [...splitter.push(chunk)])
  return { lines, rest: splitter.rest }
}

describe('LineSplitter', () => {
  it('gives the same lines however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }).map(text => text.replaceAll('\n', ''))),
        fc.array(fc.nat(40)),
        (lines, cuts) => {
          let left: Uint8Array = Buffer.from(lines.map(line => `${line}\n`).join(''))
          const chunks: Uint8Array[] = []
          for (const cut of cuts) {
            chunks.push(left.subarray(0, cut))
            left = left.subarray(cut)
          }
          expect(split([...chunks, left])).toEqual({ lines, rest: '' })
        },
      ),
    )
  })

  it('takes a line of exactly the limit', () => {
    const line = 'x'.repeat(maxLineBytes)
    expect(split([Buffer.from(`${line}\n`)]).lines).toEqual([line])
  })

  it.each([
    ['in one chunk', [Buffer.alloc(maxLineBytes + 1, 'x')]],
    ['in many chunks', Array.from({ length: 17 }, () => Buffer.alloc(4096, 'x'))],
    ['before its newline', [Buffer.from(`${'x'.repeat(maxLineBytes + 1)}\n`)]],
  ])('refuses a longer line %s', (_, chunks) => {
    expect(() => split(chunks)).toThrow(LabFailure)
  })

  it('refuses bytes that are not UTF-8', () => {
    expect(() => split([Uint8Array.of(0xff, 0x0a)])).toThrow('not UTF-8')
  })

  it('keeps what has no newline yet', () => {
    expect(split([Buffer.from('a\nb')])).toEqual({ lines: ['a'], rest: 'b' })
  })
})
