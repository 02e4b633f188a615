import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { answersDocument } from './answersDocument.ts'

test('docs/answers.md says what the lab says (node scripts/answers.ts writes it)', () => {
  const written = readFileSync(new URL('../docs/answers.md', import.meta.url), 'utf8')
  expect(written).toBe(answersDocument())
})
