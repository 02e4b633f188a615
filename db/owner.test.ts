import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HeldLock, lockStateOf } from './heldLock.ts'
import { type Owner, Owners } from './owner.ts'

let folder: string
let database: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-owner-'))
  database = join(folder, 'lab.db')
})

afterEach(() => rmSync(folder, { recursive: true }))

const anotherBoot = '00000000-0000-0000-0000-000000000000'

/** Another process that holds its lock until it is told to end; its pid says nothing. */
async function startHolder(): Promise<{ owner: Owner; kill: () => Promise<void> }> {
  const program = `import { Owners } from ${JSON.stringify(join(import.meta.dirname, 'owner.ts'))}
    console.log(JSON.stringify(new Owners(${JSON.stringify(database)}).self())); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program])
  const [line] = await once(child.stdout, 'data')
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { owner: { ...JSON.parse(String(line)), pid: 1 }, kill }
}

describe('an owner', () => {
  test('lives as long as its lock is held, whatever its pid and boot id say', async () => {
    const { owner, kill } = await startHolder()
    const owners = new Owners(database)
    expect(owners.isAlive(owner)).toBe(true)
    expect(owners.isAlive({ ...owner, bootId: anotherBoot })).toBe(true)
    await kill()
    expect(owners.isAlive(owner)).toBe(false)
  })

  test('is alive in the process that is it, and in another lab of that process, until it lets go', () => {
    const mine = new Owners(database)
    const other = new Owners(database)
    const owner = mine.self()
    expect([mine.isSelf(owner), other.isSelf(owner)]).toEqual([true, false])
    expect([mine.isAlive(owner), other.isAlive(owner)]).toEqual([true, true])
    mine.release()
    expect(other.isAlive(owner)).toBe(false)
  })

  test('whose lock is not there is taken for alive, unless the machine was started since', () => {
    const gone = { ...new Owners(database).self(), lock: 'lab.db.owner-gone' }
    const owners = new Owners(database)
    expect(owners.isAlive(gone)).toBe(true)
    expect(owners.isAlive({ ...gone, bootId: anotherBoot })).toBe(false)
    expect(owners.isAlive({ ...gone, lock: null, bootId: anotherBoot })).toBe(false)
  })
})

describe('the files of locks', () => {
  test('are removed when nobody holds them and no run names them', async () => {
    const { owner, kill } = await startHolder()
    for (const name of ['lab.db.owner-dead', 'lab.db.owner-named', 'other.db.owner-dead']) {
      writeFileSync(join(folder, name), '')
    }
    new Owners(database).sweep(new Set(['lab.db.owner-named']))
    const left = ['lab.db.owner-named', owner.lock, 'other.db.owner-dead']
    expect(readdirSync(folder).sort()).toEqual(left.sort())
    await kill()
  })

  test('are not taken by two', () => {
    const file = join(folder, 'lock')
    const lock = HeldLock.take(file)
    expect(HeldLock.take(file)).toBeNull()
    expect(lockStateOf(file)).toBe('held')
    lock?.release()
    expect(lockStateOf(file)).toBe('free')
    expect(existsSync(file)).toBe(true)
  })
})
