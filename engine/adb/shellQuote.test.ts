import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabFailure } from '../../contract/error.ts'
import { shellQuote } from './shellQuote.ts'

/** What a real shell makes of the words, each ended by a NUL. */
function wordsOf(words: readonly string[]): string[] {
  const script = `printf '%s\\0' ${words.map(shellQuote).join(' ')}`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

describe('shellQuote', () => {
  it.each([
    '',
    ' ',
    "it's",
    '$(reboot)',
    '`reboot`',
    '; reboot',
    '"',
    '\\',
    '-n',
    '*',
    '~',
    '#',
    '!!',
    'a\nb',
    "'",
  ])('lets a shell see %j as one word', text => {
    expect(wordsOf([text])).toEqual([text])
  })

  it('lets a shell see any words unchanged', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...`'"\\$();&|<>*?[]{}~#!\n\t =-a0é`) })
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 8 }), words => {
        expect(wordsOf(words)).toEqual(words)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses a NUL', () => {
    expect(() => shellQuote('a\0b')).toThrow(LabFailure)
  })
})
