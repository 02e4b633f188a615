import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOf, idOf, parseHash, settingsOf, withSettings } from './route.ts'

test('a hash names a view and its arguments', () => {
  expect(parseHash('#/compare/3/5')).toEqual({ view: 'compare', args: ['3', '5'] })
  expect(parseHash('')).toEqual({ view: '', args: [] })
  expect(parseHash('#/runs//12/')).toEqual({ view: 'runs', args: ['12'] })
  expect(parseHash('#/runs/%')).toEqual({ view: 'runs', args: ['%'] })
})

test('every view and argument survives its way through the address bar', () => {
  const part = fc.string({ minLength: 1, unit: 'grapheme' })
  fc.assert(
    fc.property(part, fc.array(part), (view, args) => {
      expect(parseHash(hashOf(view, ...args))).toEqual({ view, args })
    }),
  )
})

test('only positive whole numbers are ids', () => {
  expect(idOf('12')).toBe(12)
  for (const wrong of [undefined, '', '0', '-1', '1.5', '1e3', '12a', '9'.repeat(16)]) {
    expect(idOf(wrong)).toBeNull()
  }
})

test('settings of a view survive the address bar and are none of its arguments', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' })
  fc.assert(
    fc.property(fc.array(text), fc.dictionary(text, text), (args, settings) => {
      const hash = withSettings(hashOf('runs', ...args), settings)
      expect(parseHash(hash).args).toEqual(args)
      expect(Object.fromEntries(settingsOf(hash))).toEqual(settings)
    }),
  )
  expect(withSettings('#/runs?filter=a&sort=id', { filter: '' })).toBe('#/runs?sort=id')
})
