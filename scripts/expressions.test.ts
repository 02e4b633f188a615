import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expressionsIn, slowText } from './expressions.ts'

const root = join(import.meta.dirname, '..')
const folders = [
  'contract',
  'findings',
  'model',
  'locks',
  'engine',
  'db',
  'main',
  'preload',
  'renderer',
  'device',
]
const expressions = folders.flatMap(folder => expressionsIn(root, folder))

test('finds the quadratic ones', () => {
  const slow = [/\s*\n\s*/g, /^\s*(\d+)?\s*$/]
  for (const expression of slow) expect(slowText({ path: '', expression })).not.toBeNull()
  expect(slowText({ path: '', expression: /^\s*\d+ ?[a-z]*$/ })).toBeNull()
})

test('texts of strangers meet linear expressions only', { timeout: 600_000 }, () => {
  expect(expressions.length).toBeGreaterThan(50)
  const slow = expressions.flatMap(each => {
    const text = slowText(each)
    return text === null ? [] : [`${each.path}: ${each.expression} on ${text}`]
  })
  expect(slow).toEqual([])
})
