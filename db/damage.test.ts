import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toLabError } from '../contract/error.ts'
import { backupStore } from './backupStore.ts'
import { examplePlan, exampleSample, exampleSpans } from './fixtures/exampleRun.ts'
import { storeRun } from './fixtures/storeRun.ts'
import { openStore, type Store } from './openStore.ts'
import { recoverStore } from './recoverStore.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-damage-'))
  file = join(folder, 'lab.db')
})

afterEach(() => rmSync(folder, { recursive: true }))

const kind = (error: string) => expect.objectContaining({ kind: error })

function storeRuns(count: number, samples = 3): void {
  const store = openStore(file)
  for (let run = 0; run < count; run++) storeRun(store, samples)
  store.close()
}

function change(sql: string): void {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}

/** Pages of a table or index, which the damage is done to. */
function pagesOf(name: string): number[] {
  const db = new Database(file, { readonly: true })
  const pages = db.prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'").pluck().all(name)
  db.close()
  return pages.map(Number)
}

/** What is read, or the kind of the error. */
function outcomeOf<T>(read: () => T): T | string {
  try {
    return read()
  } catch (thrown) {
    return toLabError(thrown).kind
  }
}

function overwritePage(page: number): void {
  const bytes = readFileSync(file)
  bytes.fill(0x5a, (page - 1) * 4096, page * 4096)
  writeFileSync(file, bytes)
}

describe('one damaged run', () => {
  test('whose plan is cut is listed, and can be deleted; the others are as they were', () => {
    storeRuns(3)
    change("UPDATE runs SET plan = substr(plan, 1, 40), title = 'what is left' WHERE id = 2")
    const store = openStore(file)
    expect(store.notices).toEqual([])
    expect(store.runs.listRuns().map(({ id, schemes }) => [id, schemes.length])).toEqual([
      [3, 2],
      [2, 0],
      [1, 2],
    ])
    expect(store.runs.getSummary(2)).toMatchObject({ title: 'what is left', reason: /damaged/ })
    expect(() => store.runs.getRun(2)).toThrow(kind('store-corrupt'))
    expect(store.runs.getRun(3).samples).toHaveLength(3)
    store.runs.deleteRun(2)
    while (store.runs.deleteSlice());
    expect(store.runs.listRuns().map(({ id }) => id)).toEqual([3, 1])
    store.close()
  })

  test.each(['runs', 'samples', 'sqlite_autoindex_runs_1'])(
    'by a page of %s leaves the runs on the other pages',
    table => {
      storeRuns(30)
      const pages = pagesOf(table)
      overwritePage(pages[Math.floor(pages.length / 2)] ?? 0)
      const store = openStore(file)
      const listed = store.runs.listRuns()
      expect(listed.map(({ id }) => id)).toEqual(Array.from({ length: 30 }, (_, place) => 30 - place))
      const readable = listed.filter(({ id }) => canBeRead(store, id))
      expect(readable.length).toBeGreaterThanOrEqual(table === 'samples' ? 10 : 20)
      const unreadable = listed.filter(run => !readable.includes(run))
      // What lies on a page that is gone cannot be deleted, and is told as damaged.
      for (const { id } of unreadable.filter(({ damaged }) => damaged))
        expect(() => store.runs.deleteRun(id)).toThrow(kind('store-corrupt'))
      const [deletable] = unreadable.filter(({ damaged }) => !damaged)
      if (deletable !== undefined) {
        store.runs.deleteRun(deletable.id)
        while (store.runs.deleteSlice());
        expect(store.runs.listRuns().map(({ id }) => id)).not.toContain(deletable.id)
      }
      expect(unreadable.length).toBeGreaterThanOrEqual(table === 'sqlite_autoindex_runs_1' ? 0 : 1)
      store.close()
    },
  )
})

function canBeRead(store: Store, runId: number): boolean {
  try {
    return store.runs.getRun(runId).samples.length === 3
  } catch {
    return false
  }
}

describe('a bit that flipped', () => {
  test.each([
    ['totalNs', 'totalNs = totalNs + 1024'],
    ['a proof', 'direct = 1 - direct'],
    ['throughput', 'throughput = throughput * 1.5'],
    ['a mark', `marks = '["warm"]'`],
  ])('in %s of a sample makes it a failed one', (_what, assignment) => {
    storeRuns(2)
    change(`UPDATE samples SET ${assignment} WHERE id = 2`)
    const store = openStore(file)
    const samples = store.runs
      .getRun(1)
      .samples.map(({ status, totalNs, reason }) => [status, totalNs, reason])
    const damaged = ['failed', null, 'damaged in the database: its checksum does not match']
    expect(samples).toEqual([['ok', 10_000_000, ''], damaged, ['ok', 10_000_000, '']])
    store.close()
  })

  test.each([
    ['its plan', 'plan = replace(plan, \'"repeats":5\', \'"repeats":7\')'],
    ['its ceiling', "ceiling = replace(ceiling, '2000000000', '2000000001')"],
    ['its environment', "capabilities = replace(capabilities, '6.18', '6.19')"],
    ['its target', "target = 'adb:1'"],
    ['its counts', 'samplesPlanned = samplesPlanned + 1'],
    ['its number of samples', 'samplesDone = 2'],
    ['its status', "status = 'cancelled'"],
    ['its date', "createdAt = replace(createdAt, '20', '21')"],
    ['the version of its lab', "labVersion = '0.1.1'"],
    ['the identity of its machine', "identity = replace(identity, 'f00d', 'f00c')"],
  ])('in %s is told in the list, and refuses its figures', (_what, assignment) => {
    storeRuns(2)
    change(`UPDATE runs SET ${assignment} WHERE id = 1`)
    const store = openStore(file)
    expect(store.runs.listRuns().map(({ id, damaged }) => [id, damaged])).toEqual([
      [2, false],
      [1, true],
    ])
    expect(store.runs.getSummary(1)).toMatchObject({
      damaged: true,
      reason: expect.stringMatching(/damaged/),
    })
    expect(() => store.runs.getRun(1)).toThrow(kind('store-corrupt'))
    expect(() => store.runs.reopenRun(1)).toThrow(kind('store-corrupt'))
    expect(store.runs.getRun(2).samples).toHaveLength(3)
    store.runs.deleteRun(1)
    while (store.runs.deleteSlice());
    expect(store.runs.listRuns().map(({ id }) => id)).toEqual([2])
    store.close()
  })

  test.each([
    ['its name', "name = 'another'"],
    ['its note', "note = note || '.'"],
    ['its tags', `tags = '["day"]'`],
  ])('in %s is told in its note, and hides no figure', (_what, assignment) => {
    storeRuns(1)
    const labelled = openStore(file)
    labelled.runs.labelRuns([1], { name: 'first', note: 'to keep', addTags: ['night'] })
    labelled.close()
    change(`UPDATE runs SET ${assignment} WHERE id = 1`)
    const store = openStore(file)
    const told = { name: '', note: expect.stringContaining('damaged'), tags: [], damaged: false }
    expect(store.runs.getSummary(1)).toMatchObject(told)
    expect(store.runs.getRun(1).samples).toHaveLength(3)
    const recovered = join(folder, 'recovered.db')
    expect(recoverStore(file, recovered)).toMatchObject({ runs: 1, damagedRuns: 0, samples: 3 })
    store.runs.labelRuns([1], { note: 'anew', addTags: ['night'] })
    expect(store.runs.getSummary(1)).toMatchObject({ name: '', note: 'anew', tags: ['night'] })
    store.runs.discardRuns([1])
    store.runs.restoreRuns([1])
    expect(store.runs.getSummary(1)).toMatchObject({ note: 'anew', tags: ['night'] })
    store.close()
    const salvaged = openStore(recovered)
    expect(salvaged.runs.getSummary(1)).toMatchObject(told)
    salvaged.close()
  })

  test('in the date of its deletion does not delete a run', () => {
    storeRuns(1)
    change("UPDATE runs SET deletedAt = '' WHERE id = 1")
    const store = openStore(file)
    // It may give space back that the writing left.
    while (store.runs.deleteSlice());
    expect(store.runs.getRun(1).samples).toHaveLength(3)
    store.close()
  })

  test('in the index of samples is told where it leads to others, or to none', () => {
    storeRuns(2)
    change('UPDATE samples SET runId = 2, "index" = 7, repeat = 4 WHERE id = 2')
    const store = openStore(file)
    for (const runId of [1, 2]) expect(() => store.runs.getRun(runId)).toThrow(kind('store-corrupt'))
    store.close()
  })

  test('in the index of samples is told where it leads to fewer than were stored', () => {
    storeRuns(2)
    const [page = 0] = pagesOf('sqlite_autoindex_samples_1')
    const whole = readFileSync(file)
    const found = new Set<unknown>()
    // Where each of its six entries lies stands behind the eight bytes of the page's header (sqlite.org/fileformat2).
    for (let bit = 0; bit < 6 * 16; bit++) {
      const bytes = Buffer.from(whole)
      const at = (page - 1) * 4096 + 8 + (bit >> 3)
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at)
      writeFileSync(file, bytes)
      const store = openStore(file)
      for (const runId of [1, 2]) found.add(outcomeOf(() => store.runs.getRun(runId).samples.length))
      store.close()
    }
    expect(found).toEqual(new Set([3, 'store-corrupt']))
  })

  test('is not cured by what changes the run afterwards', () => {
    const store = openStore(file)
    const run = store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: '' })
    change('UPDATE runs SET plan = replace(plan, \'"repeats":5\', \'"repeats":7\')')
    expect(store.runs.addSample(run.id, exampleSample(), []).summary.damaged).toBe(true)
    store.runs.endRun(run.id, { status: 'finished', reason: '', capabilitiesAfter: null })
    expect(store.runs.getSummary(run.id).damaged).toBe(true)
    expect(() => store.runs.getRun(run.id)).toThrow(kind('store-corrupt'))
    const next = store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: '' })
    expect(next.status).toBe('running')
    store.close()
  })

  test('in a span is told where the spans are read', () => {
    storeRuns(1)
    change('UPDATE spans SET endNs = endNs + 1 WHERE sampleId = 2 AND "index" = 1')
    const store = openStore(file)
    expect(store.runs.getSpans(1)).toHaveLength(4)
    expect(() => store.runs.getSpans(2)).toThrow(kind('store-corrupt'))
    store.close()
  })
})

describe('a database that was taken away while it is open', () => {
  const takings: Record<string, () => void> = {
    deleted: () => {
      for (const name of readdirSync(folder)) rmSync(join(folder, name))
    },
    'replaced by another file': () => {
      for (const suffix of ['', '-wal', '-shm']) renameSync(file + suffix, `${file}.moved${suffix}`)
      openStore(file).close()
    },
  }

  test.each(Object.entries(takings))(
    'because it was %s is noticed at the next sample, and kept',
    (what, take) => {
      const store = openStore(file)
      const { id } = store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: '' })
      store.runs.addSample(id, exampleSample(), exampleSpans(2))
      take()
      const failure = { kind: 'store-failed', message: expect.stringContaining(`was ${what} while`) }
      expect(() => store.runs.addSample(id, exampleSample({ repeat: 1 }), [])).toThrow(
        expect.objectContaining(failure),
      )
      const kept = readdirSync(folder).find(name => name.includes('.kept-')) ?? ''
      const copy = openStore(join(folder, kept))
      expect(copy.runs.getRun(id)).toMatchObject({ run: { status: 'interrupted' }, samples: [{ repeat: 0 }] })
      copy.close()
      store.close()
    },
  )
})

describe('recover', () => {
  test('salvages every run and sample but those on a damaged page, or with a bit flipped', () => {
    storeRuns(30)
    change('UPDATE samples SET totalNs = totalNs + 4 WHERE id = 7')
    change('UPDATE spans SET bytes = bytes + 1 WHERE sampleId = 5')
    change('UPDATE runs SET plan = substr(plan, 1, 40) WHERE id = 9')
    const pages = pagesOf('samples')
    overwritePage(pages[Math.floor(pages.length / 2)] ?? 0)
    const recovered = join(folder, 'recovered.db')
    const { runs, lostRuns, damagedRuns, samples, lostSamples, withoutSpans } = recoverStore(file, recovered)
    expect(damagedRuns).toBe(0)
    expect({ runs, lostRuns }).toEqual({ runs: 29, lostRuns: 1 })
    expect(samples + lostSamples).toBe(29 * 3)
    expect(samples).toBeGreaterThan(50)
    expect(withoutSpans).toBe(1)
    const store = openStore(recovered)
    expect(store.notices).toEqual([])
    expect(store.runs.getRun(1)).toMatchObject({ run: { status: 'finished' }, samples: [{}, {}, {}] })
    expect(store.runs.getRun(3).run).toMatchObject({
      status: 'interrupted',
      reason: '1 of its samples could not be salvaged from a damaged database',
      samplesDone: 2,
    })
    expect([1, 5].map(id => store.runs.getSpans(id).length)).toEqual([4, 0])
    expect(store.runs.reopenRun(3).status).toBe('running')
    store.close()
    expect(() => recoverStore(file, recovered)).toThrow(kind('bad-input'))
  })
})

describe('recover of a run whose row is damaged', () => {
  test('keeps its samples, and says what of it is not what was stored', () => {
    storeRuns(3)
    change('UPDATE runs SET plan = replace(plan, \'"repeats":5\', \'"repeats":7\') WHERE id = 1')
    change("UPDATE runs SET ceiling = replace(ceiling, '2000000000', '2000000001') WHERE id = 2")
    const recovered = join(folder, 'recovered.db')
    expect(recoverStore(file, recovered)).toMatchObject({
      runs: 3,
      damagedRuns: 2,
      samples: 9,
      lostSamples: 0,
    })
    const store = openStore(recovered)
    expect(store.runs.listRuns().map(({ damaged }) => damaged)).toEqual([false, false, false])
    const [planned, found, whole] = [1, 2, 3].map(id => store.runs.getRun(id))
    expect(planned?.run.reason).toBe('damaged in the database: its plan or its counts')
    expect(planned?.samples.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok'])
    expect(found?.run).toMatchObject({
      reason: 'damaged in the database: its machine and its ceiling',
      capabilities: null,
      ceiling: null,
    })
    expect(found?.samples.map(({ status, ofCeiling }) => [status, ofCeiling])).toEqual([
      ['ok', null],
      ['ok', null],
      ['ok', null],
    ])
    expect(whole?.run.reason).toBe('')
    store.close()
  })
})

describe('a backup', () => {
  test('is made while a lab stores, opens like the database, and has nothing running', () => {
    const store = openStore(file)
    const run = store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: '' })
    store.runs.addSample(run.id, exampleSample(), exampleSpans(3))
    const copy = join(folder, 'backup.db')
    backupStore(file, copy)
    store.runs.addSample(run.id, exampleSample({ repeat: 1 }), [])
    const backup = openStore(copy)
    expect(backup.runs.getRun(run.id)).toMatchObject({
      run: { status: 'interrupted' },
      samples: [{ repeat: 0 }],
    })
    expect(() => backupStore(file, copy)).toThrow(kind('bad-input'))
    expect(backup.runs.getSummary(run.id).damaged).toBe(false)
    expect(backup.runs.reopenRun(run.id).status).toBe('running')
    backup.close()
    store.close()
    expect(readdirSync(folder).filter(name => name.includes('partial'))).toEqual([])
  })
})

describe('deleting', () => {
  test('gives the space back, in slices between which another lab stores its samples', () => {
    storeRuns(1)
    const small = statSync(file).size
    const store = openStore(file)
    const large = storeRun(store, 0)
    store.close()
    const filled = openStore(file)
    const run = filled.runs.createRun({ plan: examplePlan({ target: 'adb:1' }), labVersion: '', title: '' })
    for (let repeat = 0; repeat < 30; repeat++) {
      filled.runs.addSample(run.id, exampleSample({ repeat }), exampleSpans(1500))
    }
    filled.runs.endRun(run.id, { status: 'finished', reason: '', capabilitiesAfter: null })
    const other = openStore(file)
    const beside = other.runs.createRun({ plan: examplePlan({ target: 'adb:2' }), labVersion: '', title: '' })
    filled.runs.deleteRun(run.id)
    let slices = 0
    while (filled.runs.deleteSlice()) {
      other.runs.addSample(beside.id, exampleSample({ repeat: slices }), [])
      slices += 1
    }
    expect(slices).toBeGreaterThan(8)
    expect(filled.runs.listRuns().map(({ id }) => id)).toEqual([beside.id, large, 1])
    other.close()
    filled.close()
    expect(statSync(file).size).toBeLessThan(small * 2)
    expect(existsSync(`${file}-wal`)).toBe(false)
  })
})
