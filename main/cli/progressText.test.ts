import { expect, test } from 'vitest'
import type { Progress } from '../../contract/run.ts'
import { plainProgressText, progressText, tellsMore } from './progressText.ts'

const measuring = (done: number, total: number): Progress => ({
  stage: 'measuring',
  done,
  total,
  remainingNs: 45e9,
  text: 'memfd-direct',
})

test('a bar, the count, what is measured, and how long yet', () => {
  expect(progressText(measuring(15, 60))).toBe('[#####---------------] 15/60  memfd-direct  45 s left')
  expect(plainProgressText(measuring(15, 60))).toBe('15/60  memfd-direct  45 s left')
  expect(progressText({ ...measuring(0, 60), stage: 'ceiling', remainingNs: null })).toBe('memfd-direct')
})

test('where lines stay, a run of any length has few', () => {
  const worth = tellsMore()
  const lines = Array.from({ length: 5001 }, (_, done) => measuring(done, 5000)).filter(worth)
  expect(lines).toHaveLength(11)
  expect(lines.at(-1)?.done).toBe(5000)
})

test('each stage is told', () => {
  const worth = tellsMore()
  const stages = (['probing', 'preparing', 'preparing', 'ceiling'] as const).map(stage => ({
    ...measuring(0, 4),
    stage,
  }))
  expect(stages.filter(worth).map(({ stage }) => stage)).toEqual(['probing', 'preparing', 'ceiling'])
})
