import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { cannotMount, runOnSmallFileSystem } from '../../../db/fixtures/smallFileSystem.ts'
import { LogFile } from './logFile.ts'
import { logLines } from './readLog.ts'

const writer = join(import.meta.dirname, '..', 'fixtures', 'writeLog.ts')
let folder: string

beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-log-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  folder = join(home, 'logs')
})

async function allLines(): Promise<string[]> {
  const lines: string[] = []
  for await (const line of logLines(folder)) lines.push(line)
  return lines
}

test('lines come back in their order, through rotations', async () => {
  const log = new LogFile(folder, { fileBytes: 500, olderBytes: 1e6 })
  const lines = Array.from({ length: 100 }, (_, number) => `line ${number} ü`)
  for (const line of lines) log.append(line)
  log.close()
  expect(await allLines()).toEqual(lines)
  expect(readdirSync(folder).length).toBeGreaterThan(2)
})

test('never grows beyond its bounds, and keeps the newest', async () => {
  const log = new LogFile(folder, { fileBytes: 1000, olderBytes: 3000 })
  for (let number = 0; number < 2000; number++) log.append(`line ${number}`)
  log.close()
  const sizes = readdirSync(folder).map(name => statSync(join(folder, name)).size)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1000)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4000)
  expect((await allLines()).at(-1)).toBe('line 1999')
})

test('several labs at once mix no lines and lose none', async () => {
  const names = ['a', 'b', 'c', 'd']
  const writers = names.map(name => spawn(process.execPath, [writer, folder, name, '1500', '20000']))
  await Promise.all(writers.map(each => once(each, 'exit')))
  const lines = await allLines()
  const written = names.flatMap(name =>
    Array.from({ length: 1500 }, (_, number) => `${name} ${number} ${'x'.repeat(number % 200)}`),
  )
  expect(lines.sort()).toEqual(written.sort())
})

test('is the owner’s alone', () => {
  const log = new LogFile(folder)
  log.append('line')
  log.close()
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(log.path).mode & 0o777).toBe(0o600)
})

test('a folder that cannot be one breaks nothing, and what was lost is said later', async () => {
  writeFileSync(folder, 'in the way')
  const log = new LogFile(folder)
  log.append('lost')
  expect(log.isKept).toBe(false)
  rmSync(folder)
  log.append('kept')
  expect(log.isKept).toBe(true)
  log.close()
  expect(await allLines()).toEqual([expect.stringMatching(/^1 lines were lost: E/), 'kept'])
})

test('follows no link to another file', async () => {
  mkdirSync(folder)
  const other = join(folder, '..', 'other.txt')
  writeFileSync(other, 'mine')
  symlinkSync(other, join(folder, 'lab.log'))
  const log = new LogFile(folder)
  log.append('line')
  expect([log.isKept, statSync(other).size]).toEqual([false, 4])
})

test.skipIf(cannotMount !== null)('a full disk breaks nothing', () => {
  const mount = { folder: join(folder, '..'), bytes: 64 * 1024, prepare: 'true' }
  const kept = runOnSmallFileSystem('../../main/lab/fixtures/writeLog.ts', mount.folder, mount)
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(2000)
})

test('is followed through a rotation', async () => {
  const log = new LogFile(folder, { fileBytes: 100, olderBytes: 1e6 })
  log.append('first')
  const end = new AbortController()
  const heard: string[] = []
  for await (const line of logLines(folder, end.signal)) {
    heard.push(line)
    if (line === 'first') for (const text of ['second', 'x'.repeat(90), 'third']) log.append(text)
    if (line === 'third') appendFileSync(log.path, 'half')
    if (line === 'third') setTimeout(() => appendFileSync(log.path, ' and half\n'), 10)
    if (line === 'half and half') end.abort()
  }
  log.close()
  expect(heard).toEqual(['first', 'second', 'x'.repeat(90), 'third', 'half and half'])
})
