import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { examplePlan, exampleSample, exampleSpans } from '../../db/fixtures/exampleRun.ts'
import { openStore } from '../../db/openStore.ts'
import { DatabaseCheck } from './databaseCheck.ts'
import { openScriptedLab } from './fixtures/scriptedLab.ts'

const workerFile = join(import.meta.dirname, '..', '..', 'db', 'checkWorker.ts')
let folder: string
let databaseFile: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-check-'))
  databaseFile = join(folder, 'lab.db')
  const store = openStore(databaseFile)
  const { id } = store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: '' })
  store.runs.addSample(id, exampleSample(), exampleSpans(3))
  store.runs.endRun(id, { status: 'finished', reason: '', capabilitiesAfter: null })
  store.close()
})

afterEach(() => rmSync(folder, { recursive: true }))

function flipFigure(): void {
  const db = new Database(databaseFile)
  db.exec('UPDATE samples SET totalNs = totalNs + 1')
  db.close()
}

test('a thread looks at all of it, and rests while something is measured', async () => {
  let isMeasuring = true
  const parts = { workerFile, databaseFile, isMeasuring: () => isMeasuring, startAfterMs: 0 }
  const check = new DatabaseCheck(parts)
  const done = vi.fn()
  const result = check.run().finally(done)
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(done).not.toHaveBeenCalled()
  isMeasuring = false
  expect(await result).toMatchObject({ runs: 1, samples: 1, damagedSamples: 0 })
  await check.close()
})

test('a lab that closes ends it, whatever it does', async () => {
  const check = new DatabaseCheck({ workerFile, databaseFile, isMeasuring: () => true, startAfterMs: 0 })
  const result = check.run()
  await check.close()
  expect(await result).toBeNull()
})

test('what cannot be read is told', async () => {
  const nowhere = {
    workerFile,
    databaseFile: join(folder, 'none.db'),
    isMeasuring: () => false,
    startAfterMs: 0,
  }
  await expect(new DatabaseCheck(nowhere).run()).rejects.toThrow('is no SQLite database')
})

test('damage becomes a notice of the lab', async () => {
  flipFigure()
  const { lab, close } = openScriptedLab(folder, 'measure')
  const heard = new Promise(resolve => lab.on('noticesChanged', resolve))
  void lab.checkDatabase(workerFile, 0)
  const told = {
    notices: expect.arrayContaining([expect.stringMatching(/damaged.*: 1 sample\..*`recover`/)]),
  }
  expect(await heard).toEqual(told)
  expect(await lab.handlers.shell.info({})).toMatchObject(told)
  await close()
})
