import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { examplePlan } from './fixtures/exampleRun.ts'
import { openStore, type Store } from './openStore.ts'

let folder: string
let file: string
let store: Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-claims-'))
  file = join(folder, 'lab.db')
  store = openStore(file)
})

afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

const begin = (from: Store) =>
  from.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: 'test machine' })

test('of two labs that begin at the same moment, one does: 20 races', { timeout: 60_000 }, async () => {
  const races = 20
  const script = join(import.meta.dirname, 'fixtures', 'raceForTargets.ts')
  const firstMs = Date.now() + 3000
  const rivals = [1, 2].map(() => spawn(process.execPath, [script, file, `${firstMs}`, `${races}`]))
  const told = await Promise.all(rivals.map(rival => once(rival.stdout, 'data')))
  const [one = [], other = []] = told.map(([line]) => z.array(z.string()).parse(JSON.parse(String(line))))
  for (const rival of rivals) rival.stdin.end('done\n')
  expect(one.map((outcome, at) => [outcome, other[at]].sort())).toEqual(Array(races).fill(['began', 'busy']))
  expect(store.runs.listRuns()).toHaveLength(races)
})

test('a run and a ceiling keep each other off, in the words of who measures', () => {
  const other = openStore(file)
  store.runs.claimForCeiling('local')
  expect(() => begin(other)).toThrow('the ceiling of local is being measured')
  expect(other.runs.listRuns()).toEqual([])
  store.runs.dropClaim('local')
  const run = begin(other)
  expect(() => store.runs.claimForCeiling('local')).toThrow(
    `run ${run.id} of another shell is measuring on local`,
  )
  other.runs.endRun(run.id, { status: 'cancelled', reason: '', capabilitiesAfter: null })
  store.runs.claimForCeiling('local')
  expect(() => other.runs.reopenRun(run.id)).toThrow('the ceiling of local is being measured')
  other.close()
})

test('a claim of a lab that is gone counts for nothing', () => {
  const other = openStore(file)
  other.runs.claimForCeiling('local')
  other.close()
  expect(begin(store).status).toBe('running')
})
