import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvText, jsonText, markdownText, visibleLines, visibleText } from './foreignText.ts'

const attacks = [
  '\u001b]0;title\u0007',
  '\u009b31m',
  'a\u202egpj.bin',
  'x\u2028y',
  '\u200bhidden',
  '\u061cmark',
  '\ud800',
]
/** Steers a terminal or an eye, and is no joiner. */
const steers = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom(...attacks, '=', '"', ',', ';', '\n', '\r', '\t', ' ', '|', '`', '_', 'a'))
    .map(each => each.join('')),
)

describe('text for a person', () => {
  it('shows what would steer, and nothing else is changed', () => {
    expect(visibleText('esc\u001b[31m\nrtl\u202e.bin')).toBe('esc\\u001b[31m\\u000artl\\u202e.bin')
    const read = 'café 模型 👩‍🚀 مدل می‌خواهم 1 µs – 20 °C'
    expect(visibleText(read)).toBe(read)
    expect(visibleLines('a\tb\nc\rd')).toBe('a\tb\nc\\u000dd')
  })

  it('never steers', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(steers.test(visibleText(text))).toBe(false)
        expect(steers.test(visibleLines(text).replaceAll(/[\n\t]/g, ''))).toBe(false)
      }),
    )
  })
})

it('JSON stays JSON, means the same, and stays on one line', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), value => {
      const text = jsonText(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(steers.test(text)).toBe(false)
    }),
  )
})

it('no text in CSV is a formula, in any cell that a spreadsheet makes of it', () => {
  const cells = (field: string) =>
    field
      .replaceAll('""', '"')
      .replace(/^"/, '')
      .split(/[;\t\n]/)
  expect(csvText('=cmd|calc!A0')).toBe("'=cmd|calc!A0")
  expect(csvText('fell back; -1')).toBe("fell back;' -1")
  expect(csvText('\t=1')).toBe('"\'\t\'=1"')
  expect(csvText('a;=1+1')).toBe("a;'=1+1")
  expect(csvText('say "hi", you')).toBe('"say ""hi"", you"')
  fc.assert(
    fc.property(anyText, text => {
      const field = csvText(text)
      expect(field.replaceAll('\r\n', '')).not.toContain('\r')
      for (const cell of cells(field)) expect(cell).not.toMatch(/^ {0,8}[=+\-@＝＋－＠]/)
    }),
  )
})

it('Markdown has no markup, no cell and no line from it', () => {
  expect(markdownText('a|b\nc <img> `x` _y_ &lt; ~z~')).toBe(
    'a\\|b c \\<img\\> \\`x\\` \\_y\\_ \\&lt; \\~z\\~',
  )
  fc.assert(
    fc.property(anyText, text => {
      const shown = markdownText(text)
      expect(shown).not.toContain('\n')
      expect(shown.replaceAll(/\\[\\|`*<>[\]&~_]/g, '')).not.toMatch(/[|`*<>[\]&~]/)
    }),
  )
})
