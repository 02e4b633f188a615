import { expect, test } from 'vitest'
import { commandOf } from './shortcuts.ts'

const press = { key: '', ctrl: false, alt: false, meta: false, typing: false }

test('F5 and Ctrl+Enter start, also while typing', () => {
  expect(commandOf({ ...press, key: 'F5', typing: true })).toEqual({ name: 'start' })
  expect(commandOf({ ...press, key: 'Enter', ctrl: true, typing: true })).toEqual({ name: 'start' })
  expect(commandOf({ ...press, key: 'Enter' })).toBeNull()
})

test('Ctrl+F5 stays with the browser', () => {
  expect(commandOf({ ...press, key: 'F5', ctrl: true })).toBeNull()
})

test('a digit switches views, but not while typing unless Alt is held', () => {
  expect(commandOf({ ...press, key: '2' })).toEqual({ name: 'view', digit: 2 })
  expect(commandOf({ ...press, key: '2', typing: true })).toBeNull()
  expect(commandOf({ ...press, key: '2', alt: true, typing: true })).toEqual({ name: 'view', digit: 2 })
  expect(commandOf({ ...press, key: '2', ctrl: true })).toBeNull()
  expect(commandOf({ ...press, key: '0' })).toBeNull()
})

test('Esc cancels', () => {
  expect(commandOf({ ...press, key: 'Escape' })).toEqual({ name: 'cancel' })
})
