import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { productDirectory } from './productDirectory.ts'

const entry = join(productDirectory, 'main', 'cli', 'index.ts')
const simulated = [
  'run',
  '--target',
  'sim:ufs4-phone-2024',
  '--schemes',
  'normal',
  '--sizes',
  '8MiB',
  '--repeats',
  '1',
]
let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-private-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
})

/** Whatever the person's umask is. */
function runOpenly(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const words = ['-c', 'umask 0; exec "$@"', 'sh', process.execPath, entry, ...args]
  return spawnSync('sh', words, { cwd: home, encoding: 'utf8', env: { ...process.env, ...environment } })
}

function othersMay(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name))
  return [folder, ...paths].filter(path => (statSync(path).mode & 0o077) !== 0)
}

test('everything in a new data folder is its owner’s alone', () => {
  const folder = join(home, 'a', 'data')
  const { status, stderr } = runOpenly(simulated, { DMABUF_LAB_HOME: folder })
  expect([status, stderr]).toEqual([0, expect.any(String)])
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['lab.db', 'logs']))
  expect(othersMay(folder)).toEqual([])
})

test('what an older lab left open is closed, but not a folder that a person named', () => {
  writeFileSync(join(home, 'lab.db'), '')
  chmodSync(join(home, 'lab.db'), 0o666)
  chmodSync(home, 0o755)
  expect(runOpenly(simulated, { DMABUF_LAB_HOME: home }).status).toBe(0)
  expect(othersMay(home)).toEqual([home])
})

test('the platform’s data folder is closed', () => {
  const folder = join(home, 'dmabuf-lab')
  mkdirSync(folder)
  chmodSync(folder, 0o777)
  expect(runOpenly(simulated, { DMABUF_LAB_HOME: '', XDG_DATA_HOME: home }).status).toBe(0)
  expect(othersMay(folder)).toEqual([])
})
