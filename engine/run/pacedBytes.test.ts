import { expect, it } from 'vitest'
import { pacedBytes } from './pacedBytes.ts'

it('tells the first and the last of ten thousand reports, and little between', () => {
  const told: number[] = []
  const report = pacedBytes(doneBytes => told.push(doneBytes))
  for (let doneBytes = 1; doneBytes <= 10_000; doneBytes += 1) report(doneBytes, 10_000)
  expect(told[0]).toBe(1)
  expect(told.at(-1)).toBe(10_000)
  expect(told.length).toBeLessThan(10)
})
