import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { examplePlan, exampleSample } from './fixtures/exampleRun.ts'
import { HeldLock } from './heldLock.ts'
import { whileOpening } from './openingLock.ts'
import { openStore } from './openStore.ts'

type Shell = ChildProcessByStdio<null, Readable, Readable>

let folder: string
let file: string
let shells: Shell[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-store-'))
  file = join(folder, 'lab.db')
  shells = []
})

afterEach(() => {
  for (const shell of shells) shell.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function startShell(count: number | 'forever'): Shell {
  const script = join(import.meta.dirname, 'fixtures', 'writeSamples.ts')
  const shell = spawn(process.execPath, [script, file, String(count)], { stdio: ['ignore', 'pipe', 'pipe'] })
  shells.push(shell)
  return shell
}

/** Kills the shell after it acknowledged `count` samples; returns every sample it acknowledged till its death. */
async function killAfter(shell: Shell, count: number): Promise<number[]> {
  const acknowledged: number[] = []
  const death = once(shell, 'exit')
  for await (const line of createInterface(shell.stdout)) {
    if (!line.startsWith('run')) acknowledged.push(Number(line))
    if (acknowledged.length === count) shell.kill('SIGKILL')
  }
  await death
  return acknowledged
}

async function exitOf(shell: Shell): Promise<{ code: number | null; stderr: string }> {
  const stderr: string[] = []
  shell.stderr.on('data', chunk => stderr.push(String(chunk)))
  shell.stdout.resume()
  const [code] = await once(shell, 'close')
  return { code, stderr: stderr.join('') }
}

/** The files that a shell has open at this moment. */
function opened(shell: Shell): string[] {
  const descriptors = `/proc/${shell.pid}/fd`
  return readdirSync(descriptors).map(descriptor => {
    try {
      return readlinkSync(join(descriptors, descriptor))
    } catch {
      return 'closed meanwhile'
    }
  })
}

function integrityOf(path: string): unknown {
  const db = new Database(path, { readonly: true })
  try {
    return [db.pragma('integrity_check', { simple: true }), db.pragma('foreign_key_check')]
  } finally {
    db.close()
  }
}

describe('SIGKILL in mid-write', () => {
  test.each([1, 7, 40, 150])('after %i samples leaves each acknowledged one, intact', async count => {
    const acknowledged = await killAfter(startShell('forever'), count)
    expect(acknowledged.length).toBeGreaterThanOrEqual(count)

    expect(integrityOf(file)).toEqual(['ok', []])
    const store = openStore(file)
    expect(store.notices.join()).toMatch(/Run 1 was interrupted/)
    const { run, samples } = store.runs.getRun(1)
    expect(run.status).toBe('interrupted')
    expect(run.reason).toMatch(/pid \d+\) died; \d+ of 1000 samples are kept/)
    expect(run.endedAt).not.toBeNull()
    expect(run.samplesDone).toBe(samples.length)
    expect(samples.map(sample => sample.repeat).slice(0, acknowledged.length)).toEqual(acknowledged)
    // One more may have been committed and not yet acknowledged.
    expect(samples.length - acknowledged.length).toBeLessThanOrEqual(1)
    for (const sample of samples) expect(store.runs.getSpans(sample.id)).toHaveLength(50)
    expect(store.runs.reopenRun(1).status).toBe('running')
    store.close()
  })
})

describe('several shells on one database', () => {
  test('leave the runs of each other alone while they live', async () => {
    const shell = startShell('forever')
    await once(shell.stdout, 'data')
    const store = openStore(file)
    expect(store.notices).toEqual([])
    expect(store.runs.getSummary(1).status).toBe('running')
    expect(() => store.runs.deleteRun(1)).toThrow(expect.objectContaining({ kind: 'busy' }))
    const mine = store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: 'mine' })

    await killAfter(shell, 20)
    expect(store.runs.markInterrupted()).toEqual([1])
    expect(store.runs.getSummary(mine.id).status).toBe('running')
    store.close()
  })

  test('begin a new file together and write at the same time, without a lost or doubled id', async () => {
    const count = 40
    const exits = await Promise.all([1, 2, 3].map(() => exitOf(startShell(count))))
    expect(exits).toEqual(Array(3).fill({ code: 0, stderr: '' }))

    const store = openStore(file)
    const runs = store.runs.listRuns()
    expect(runs.map(run => [run.id, run.status, run.samplesDone])).toEqual(
      [3, 2, 1].map(id => [id, 'finished', count]),
    )
    const ids = runs.flatMap(run => store.runs.getRun(run.id).samples.map(sample => sample.id))
    expect(new Set(ids).size).toBe(3 * count)
    store.close()
  })

  test('keep a damaged file once, however many find it', async () => {
    writeFileSync(file, 'not a database '.repeat(1000))
    const exits = await Promise.all([1, 2, 3].map(() => exitOf(startShell(5))))
    expect(exits).toEqual(Array(3).fill({ code: 0, stderr: '' }))
    expect(readdirSync(folder).filter(entry => entry.includes('.corrupt-'))).toHaveLength(1)
    expect(readdirSync(folder).filter(entry => entry.includes('.opening'))).toEqual([])
    const store = openStore(file)
    expect(store.runs.listRuns()).toHaveLength(3)
    store.close()
  })

  test('begin nothing while another one opens the database', async () => {
    const held = HeldLock.take(`${file}.opening`)
    const shell = startShell(1)
    const exit = exitOf(shell)
    await vi.waitFor(() => expect(opened(shell)).toContain(`${file}.opening`), {
      timeout: 60_000,
      interval: 1,
    })
    expect(existsSync(file)).toBe(false)
    held?.release()
    expect(await exit).toEqual({ code: 0, stderr: '' })
  })

  test('are not held up by the lock’s file of one that was killed while it opened', () => {
    writeFileSync(file, 'not a database '.repeat(1000))
    writeFileSync(`${file}.opening`, '')
    const store = openStore(file)
    expect(store.notices).toEqual([expect.stringContaining('The database was damaged')])
    store.close()
    expect(readdirSync(folder).filter(entry => entry.includes('.opening'))).toEqual([])
  })

  test.each([
    ['a folder', (lock: string) => mkdirSync(lock)],
    ['another program’s', (lock: string) => writeFileSync(lock, 'not a lock '.repeat(1000))],
  ])('are told what is wrong with a lock’s file that is %s, and nothing of the database', (_, spoil) => {
    openStore(file).close()
    spoil(`${file}.opening`)
    expect(() => openStore(file)).toThrow(
      expect.objectContaining({ kind: 'store-failed', message: expect.stringMatching(/\.opening is not/) }),
    )
    rmSync(`${file}.opening`, { recursive: true })
    const store = openStore(file)
    expect(store.notices).toEqual([])
    store.close()
  })

  test('are told that the database is busy where one takes too long to open it', () => {
    const held = HeldLock.take(`${file}.opening`)
    const opening = () => whileOpening(file, 20, () => {})
    expect(opening).toThrow(expect.objectContaining({ kind: 'busy' }))
    held?.release()
    expect(opening).not.toThrow()
  })

  test('see the samples that another one commits', () => {
    const writer = openStore(file)
    const reader = openStore(file)
    const run = writer.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: '' })
    writer.runs.addSample(run.id, exampleSample(), [])
    expect(reader.runs.getRun(run.id).samples).toHaveLength(1)
    writer.close()
    reader.close()
  })
})
