import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  addTallies,
  failureReason,
  outcomeLines,
  readTally,
  skippedStep,
  slowestFiles,
  stepTally,
} from './tally.ts'

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-tally-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'tally.json'), text)
  return join(folder, 'tally.json')
}

const twoPassed = JSON.stringify({ passed: 2, failed: [], skipped: [], files: [] })

test('a runner that dies before its report, or fails without a failed test, is a failure', () => {
  expect(readTally(fileWith(twoPassed), 'unit', true)).toMatchObject({ passed: 2, failed: [] })
  expect(readTally(fileWith(twoPassed), 'unit', false)).toMatchObject({
    passed: 2,
    failed: [{ test: 'unit' }],
  })
  expect(readTally(fileWith('{"passed": 2'), 'unit', true)).toMatchObject({
    passed: 0,
    failed: [{ test: 'unit' }],
  })
  expect(readTally('/nowhere', 'unit', true)).toMatchObject({ passed: 0, failed: [{ test: 'unit' }] })
})

test('tallies add up, and the slowest files come first', () => {
  const files = [1, 3, 2].map(seconds => ({ file: `${seconds}.test.ts`, seconds }))
  const total = addTallies([
    { passed: 4, failed: [{ test: 'adds', why: 'expected 2' }], skipped: [], files },
    stepTally('lint', false),
    skippedStep('whole application', 'no browser'),
  ])
  expect(total).toMatchObject({
    passed: 4,
    failed: [{ test: 'adds' }, { test: 'lint' }],
    skipped: [{ why: 'no browser' }],
  })
  expect(slowestFiles(total, 2).map(({ seconds }) => seconds)).toEqual([3, 2])
})

test('what has one reason stands under it, counted', () => {
  const outcomes = ['a', 'b'].map(name => ({ test: name, why: 'no browser' }))
  expect(outcomeLines([...outcomes, { test: 'c', why: 'no fuse' }])).toEqual([
    '  no browser (2)',
    '    a',
    '    b',
    '  no fuse',
    '    c',
  ])
})

test('of an error its first line is kept, without colours, and where it was', () => {
  expect(failureReason('\u001b[31mexpected 2\u001b[39m\n  at file.ts', undefined)).toBe('expected 2')
  expect(failureReason(undefined, undefined)).toBe('no message')
  const place = { file: join(process.cwd(), 'db', 'x.test.ts'), line: 12 }
  expect(failureReason('expected 2', place)).toBe('expected 2 (db/x.test.ts:12)')
})

test('of an element that a page lacks it is told which', () => {
  const message = "expect(locator).toBeVisible() failed\n\nLocator: getByText('Run 1')\nExpected: visible"
  expect(failureReason(message, undefined)).toBe("expect(locator).toBeVisible() failed: getByText('Run 1')")
})
