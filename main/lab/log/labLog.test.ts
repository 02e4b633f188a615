import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isAboutRun, LabLog, runTag } from './labLog.ts'
import { LogFile } from './logFile.ts'

function written(note: (log: LabLog) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const log = new LabLog(new LogFile(folder), false)
  note(log)
  log.close()
  return readFileSync(join(folder, 'lab.log'), 'utf8')
}

test('whatever a device says stays on one line and steers no terminal', () => {
  const text = written(log =>
    log.note('\u001b[2J\nline\u202e', { target: 'adb:adb-X (2)._adb-tls-connect._tcp', engine: 7 }),
  )
  const about = `[${process.pid}] target="adb:adb-X (2)._adb-tls-connect._tcp" engine=7`
  expect(text.slice('2026-01-01T00:00:00.000Z '.length)).toBe(`${about} \\u001b[2J\\u000aline\\u202e\n`)
})

test('a line belongs to its run alone, however it is named', () => {
  const run = { id: 7, uuid: '0b1c2d3e-0000-4000-8000-000000000000' }
  const line = written(log => log.note('says run=8 ', { run: runTag(run), target: 'local' }))
  expect(['7', '7-0b1c2d3e', '8', '70', '7-ffffffff'].map(name => isAboutRun(line, name))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
  expect(
    isAboutRun(
      written(log => log.note('about run=7 only')),
      '7',
    ),
  ).toBe(false)
})
