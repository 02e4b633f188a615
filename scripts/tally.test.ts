import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { addTallies, readTally, skippedStep, slowestFiles, stepTally } from './tally.ts'

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-tally-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'tally.json'), text)
  return join(folder, 'tally.json')
}

const twoPassed = JSON.stringify({ passed: 2, failed: 0, skipped: [], files: [] })

test('a runner that dies before its report, or fails without a failed test, is a failure', () => {
  expect(readTally(fileWith(twoPassed), true)).toMatchObject({ passed: 2, failed: 0 })
  expect(readTally(fileWith(twoPassed), false)).toMatchObject({ passed: 2, failed: 1 })
  expect(readTally(fileWith('{"passed": 2'), true)).toMatchObject({ passed: 0, failed: 1 })
  expect(readTally('/nowhere', true)).toMatchObject({ passed: 0, failed: 1 })
})

test('tallies add up, and the slowest files come first', () => {
  const files = [1, 3, 2].map(seconds => ({ file: `${seconds}.test.ts`, seconds }))
  const total = addTallies([
    { passed: 4, failed: 1, skipped: [], files },
    stepTally(false),
    skippedStep('whole application', 'no browser'),
  ])
  expect(total).toMatchObject({ passed: 4, failed: 2, skipped: [{ why: 'no browser' }] })
  expect(slowestFiles(total, 2).map(({ seconds }) => seconds)).toEqual([3, 2])
})
