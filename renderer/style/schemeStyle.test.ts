import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { schemeIds } from '../../contract/schemes.ts'
import { familyColours, phaseColours } from '../../findings/drawing/palette.ts'
import { schemeStyle } from './schemeStyle.ts'

const themes = ['light', 'dark'] as const
const tokens = readFileSync(new URL('../base/tokens.css', import.meta.url), 'utf8')

function token(name: string, theme: (typeof themes)[number]): string {
  const match = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens)
  const value = theme === 'light' ? match?.[1] : match?.[2]
  if (value === undefined) throw new Error(`tokens.css has no colour --${name}`)
  return value
}

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const channel = (from: number) => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const lighter = Math.max(luminance(a), luminance(b))
  const darker = Math.min(luminance(a), luminance(b))
  return (lighter + 0.05) / (darker + 0.05)
}

for (const theme of themes) {
  test(`no two schemes look alike (${theme})`, () => {
    const looks = schemeIds.map(id => JSON.stringify(schemeStyle(id, theme)))
    expect(new Set(looks).size).toBe(schemeIds.length)
  })

  test(`marks of charts have 3:1 against the ground (${theme})`, () => {
    const marks = [
      ...Object.values(familyColours[theme]).flatMap(tones => [tones.serial, tones.overlapped]),
      ...Object.values(phaseColours[theme]),
      token('edge', theme),
    ]
    for (const mark of marks) expect(contrast(mark, token('ground', theme)), mark).toBeGreaterThanOrEqual(3)
  })

  test(`text has 4.5:1 on every surface (${theme})`, () => {
    for (const text of ['ink', 'ink-quiet', 'accent', 'good', 'warn', 'bad']) {
      for (const surface of ['ground', 'panel', 'raised', 'hover', 'chosen']) {
        const ratio = contrast(token(text, theme), token(surface, theme))
        expect(ratio, `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5)
      }
    }
    expect(contrast(token('on-accent', theme), token('accent', theme))).toBeGreaterThanOrEqual(4.5)
  })
}

test('buffered schemes are dashed and hollow, direct ones solid', () => {
  expect(schemeStyle('memfd-buffered', 'light')).toMatchObject({ hollow: true, dash: [5, 3] })
  expect(schemeStyle('memfd-direct', 'light')).toMatchObject({ hollow: false, dash: [] })
})
