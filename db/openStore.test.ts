import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MiB } from '../contract/size.ts'
import { examplePlan, exampleSample, exampleSpans } from './fixtures/exampleRun.ts'
import { cannotMount, runOnSmallFileSystem } from './fixtures/smallFileSystem.ts'
import { applicationId, storeVersion } from './migrate.ts'
import { openStore } from './openStore.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-store-'))
  file = join(folder, 'lab.db')
})

afterEach(() => rmSync(folder, { recursive: true }))

function storeOneRun(): void {
  const store = openStore(file)
  const run = store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: 'kept' })
  for (let repeat = 0; repeat < 20; repeat++) {
    store.runs.addSample(run.id, exampleSample({ repeat }), exampleSpans(20))
  }
  store.runs.endRun(run.id, { status: 'finished', reason: '', capabilitiesAfter: null })
  store.close()
}

const isAside = (entry: string) => /\.corrupt-[^.]*(?<!-wal|-shm)$/.test(entry)
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

describe('opening', () => {
  test('makes the folder and the file, and finds the runs again', () => {
    file = join(folder, 'deep', 'er', 'lab.db')
    storeOneRun()
    const store = openStore(file)
    expect(store.notices).toEqual([])
    expect(store.runs.listRuns()).toMatchObject([{ title: 'kept', samplesDone: 20 }])
    store.close()
  })

  test('sets WAL, foreign keys, STRICT tables and the file identity', () => {
    openStore(file).close()
    const db = new Database(file)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('user_version', { simple: true })).toBe(storeVersion)
    expect(
      db.prepare('SELECT name FROM pragma_table_list WHERE strict = 0 AND schema = ?').all('main'),
    ).toEqual(expect.not.arrayContaining([{ name: 'runs' }, { name: 'samples' }, { name: 'spans' }]))
    db.close()
  })

  test('takes an empty file as a new database', () => {
    writeFileSync(file, '')
    const store = openStore(file)
    expect(store.notices).toEqual([])
    store.close()
  })

  test('goes on where a lab was killed while it wrote the first page', () => {
    const db = new Database(file)
    db.pragma('auto_vacuum = INCREMENTAL')
    db.pragma(`application_id = ${applicationId}`)
    // More than the connection may keep: SQLite writes into the file, with the journal beside it, and is not done.
    db.pragma('cache_size = 1')
    db.exec('BEGIN; CREATE TABLE begun (a); CREATE TABLE anew (a)')
    db.prepare('INSERT INTO begun VALUES (zeroblob(?))').run(MiB)
    const killed = join(folder, 'killed.db')
    for (const suffix of ['', '-journal']) copyFileSync(file + suffix, killed + suffix)
    db.close()

    const store = openStore(killed)
    expect(store.notices).toEqual([])
    expect(store.runs.listRuns()).toEqual([])
    store.close()
    expect(existsSync(`${killed}-journal`)).toBe(false)
  })

  test('refuses a device in place of the file', () => {
    for (const device of ['/dev/null', '/dev/full'])
      expect(() => openStore(device)).toThrow(expect.objectContaining({ kind: 'bad-input' }))
  })

  test('refuses a folder in place of the file', () => {
    mkdirSync(file)
    expect(() => openStore(file)).toThrow(expect.objectContaining({ kind: 'bad-input' }))
  })
})

describe('a database that is not ours to write', () => {
  test('from a newer lab is refused with both versions, and no byte of it changes', () => {
    storeOneRun()
    const db = new Database(file)
    db.pragma('user_version = 99')
    db.close()
    const before = digest(file)
    expect(() => openStore(file)).toThrow(
      expect.objectContaining({
        kind: 'store-newer',
        message: expect.stringMatching(`version 99; .* up to ${storeVersion}`),
      }),
    )
    expect(digest(file)).toBe(before)
    expect(readdirSync(folder)).toEqual(['lab.db'])
  })

  test('from a newer lab that runs right now, whose version is still in the write-ahead log, is refused', () => {
    storeOneRun()
    const newer = new Database(file)
    newer.pragma('user_version = 99')
    expect(readFileSync(file).readInt32BE(60)).toBe(storeVersion)
    expect(() => openStore(file)).toThrow(expect.objectContaining({ kind: 'store-newer' }))
    newer.close()
  })

  test('of another program is refused, and no byte of it changes', () => {
    const db = new Database(file)
    db.exec('CREATE TABLE photos (id INTEGER)')
    db.close()
    const before = digest(file)
    expect(() => openStore(file)).toThrow(expect.objectContaining({ kind: 'bad-input' }))
    expect(digest(file)).toBe(before)
  })
})

describe('a damaged database', () => {
  const damages: Record<string, () => void> = {
    'that is text': () => writeFileSync(file, 'these are notes, not a database\n'.repeat(200)),
    'that is cut short': () => writeFileSync(file, readFileSync(file).subarray(0, 3 * 4096)),
    'with garbage in the middle': () => {
      const bytes = readFileSync(file)
      bytes.fill(0x5a, 4096, 6 * 4096)
      writeFileSync(file, bytes)
    },
  }

  test.each(Object.keys(damages))('%s is kept aside, named, and a fresh one is begun', name => {
    storeOneRun()
    damages[name]?.()
    const before = digest(file)

    const store = openStore(file)
    const aside = readdirSync(folder).filter(entry => isAside(entry))
    expect(aside).toHaveLength(1)
    expect(digest(join(folder, aside[0] ?? ''))).toBe(before)
    expect(store.notices.join()).toContain(basename(aside[0] ?? 'nothing'))
    expect(store.runs.listRuns()).toEqual([])
    store.close()
    expect(openStore(file).notices).toEqual([])
  })

  test('never replaces one that was kept before', () => {
    for (let round = 0; round < 3; round++) {
      writeFileSync(file, `damage ${round} `.repeat(100))
      openStore(file).close()
    }
    const asides = readdirSync(folder).filter(entry => isAside(entry))
    const contents = asides.map(entry => readFileSync(join(folder, entry), 'utf8').slice(0, 8))
    expect(contents.sort()).toEqual(['damage 0', 'damage 1', 'damage 2'])
  })
})

describe('a file system that refuses', () => {
  test('a full disk is store-full, loses nothing stored, and goes on once there is room', context => {
    if (cannotMount !== null) context.skip(cannotMount)
    const result = runOnSmallFileSystem('fillDisk.ts', folder, { folder, bytes: 2 * MiB, prepare: 'true' })
    expect(result).toMatchObject({ storing: 'store-full', opening: 'store-full' })
    expect(result).toHaveProperty('acknowledged', expect.any(Number))
    const { acknowledged, kept, counted, keptAfterRoom } = Object(result)
    expect(acknowledged).toBeGreaterThan(10)
    expect({ kept, counted, keptAfterRoom }).toEqual({
      kept: acknowledged,
      counted: acknowledged,
      keptAfterRoom: acknowledged + 1,
    })
  })

  test('a read-only folder is store-read-only, with or without a database in it', context => {
    if (cannotMount !== null) context.skip(cannotMount)
    storeOneRun()
    const original = join(folder, 'mounted')
    mkdirSync(original)
    const prepares = [`cp '${file}' "$FOLDER"`, 'true'].map(
      prepare => `${prepare} && mount -o remount,ro "$FOLDER"`,
    )
    for (const prepare of prepares) {
      const mount = { folder: original, bytes: 2 * MiB, prepare }
      const result = runOnSmallFileSystem('openReadOnly.ts', join(original, 'lab.db'), mount)
      expect(result).toMatchObject({ ok: false, error: { kind: 'store-read-only' } })
    }
  })
})
