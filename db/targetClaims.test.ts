import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { examplePlan, exampleSample } from './fixtures/exampleRun.ts'
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

test('of two labs that begin at the same moment, one does: 20 races', async () => {
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

/** As where the lock is on a file system of another host, or was removed: whether its holder lives cannot be told. */
function hideLocks(): void {
  for (const name of readdirSync(folder).filter(name => name.includes('.owner-')))
    renameSync(join(folder, name), join(folder, `hidden-${name}`))
}

describe('what cannot be told from a dead lab', () => {
  test('is abandoned, run and target, and its next sample is refused', () => {
    const other = openStore(file)
    const run = begin(other)
    other.runs.addSample(run.id, exampleSample(), [])
    expect(() => store.runs.abandonRun(run.id)).toThrow('by another lab, which is alive')
    hideLocks()
    expect(store.runs.markInterrupted()).toEqual([])
    expect(() => begin(store)).toThrow(
      expect.objectContaining({ kind: 'busy', hint: expect.stringContaining('abandon') }),
    )
    store.runs.abandonRun(run.id)
    expect(store.runs.getSummary(run.id)).toMatchObject({
      status: 'interrupted',
      damaged: false,
      reason: expect.stringMatching(/^abandoned: .* 1 of 24 samples are kept$/),
    })
    expect(() => other.runs.addSample(run.id, exampleSample({ repeat: 1 }), [])).toThrow('is interrupted')
    expect(store.runs.reopenRun(run.id).status).toBe('running')
    other.close()
  })

  test('is freed of a target, be it for a ceiling or for a run', () => {
    const other = openStore(file)
    other.runs.claimForCeiling('local')
    expect(() => store.runs.abandonTarget('local')).toThrow('which is alive')
    hideLocks()
    expect(() => begin(store)).toThrow('the ceiling of local is being measured')
    expect(store.runs.abandonTarget('local')).toBeNull()
    const run = begin(other)
    hideLocks()
    expect(store.runs.abandonTarget('local')).toBe(run.id)
    expect(store.runs.getSummary(run.id).status).toBe('interrupted')
    expect(begin(store).status).toBe('running')
    other.close()
  })

  test('is nothing that this lab measures, that has ended, or that is not there', () => {
    const run = begin(store)
    expect(() => store.runs.abandonRun(run.id)).toThrow('by this lab')
    expect(() => store.runs.abandonTarget('local')).toThrow('by this lab')
    store.runs.endRun(run.id, { status: 'cancelled', reason: '', capabilitiesAfter: null })
    expect(() => store.runs.abandonRun(run.id)).toThrow('it is cancelled')
    expect(() => store.runs.abandonTarget('local')).toThrow('nobody measures on local')
    expect(() => store.runs.abandonRun(99)).toThrow('there is no run 99')
  })
})
