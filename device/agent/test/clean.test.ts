import { chmodSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildAgent, hostAgentArch } from '../build.ts'
import { lastLine, optionWords, runAgent } from './agentRun.ts'
import { makeTestFolder, removeTestFolder } from './testFolder.ts'

const root = makeTestFolder()
const hash = '0123456789abcdef'
let binary = ''
let folder = ''
let count = 0

beforeAll(async () => {
  binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64' })
})
afterAll(() => removeTestFolder(root))
beforeEach(() => {
  count += 1
  folder = join(root, String(count))
  mkdirSync(folder)
})

const clean = (options: Record<string, string | number>) =>
  runAgent({ binary }, ['clean', ...optionWords({ dir: folder, ...options })])

function make(...names: string[]): void {
  for (const name of names) {
    writeFileSync(join(folder, name), 'content')
    const longAgo = Date.now() / 1000 - 3600
    utimesSync(join(folder, name), longAgo, longAgo)
  }
}

const ours = [
  'generated-seed1-4096.bin',
  'generated-seed1-8192.bin.part',
  '.dmabuf-lab-prepare-a1B2c3',
  '.dmabuf-lab-trial-a1B2c3',
  `dmabuf-lab-agent-${hash}`,
  `dmabuf-lab-agent-${hash}.4711`,
]
const theirs = [
  'model.bin',
  'generated-seed1-4096.bin.old',
  'generated-seed-4096.bin',
  'generated.bin',
  'dmabuf-lab-agent-x86_64',
  `${hash}-model.bin`,
  '.dmabuf-lab',
  'lab.db',
]

test('shows what the lab made, and removes nothing unless it is told to', async () => {
  make(...ours, ...theirs)
  const shown = await clean({})
  expect(lastLine(shown)).toMatchObject({ type: 'cleaned', files: ours.length, bytes: 7 * ours.length })
  expect(readdirSync(folder)).toHaveLength(ours.length + theirs.length)
  const removed = await clean({ remove: 1 })
  expect(
    removed.lines
      .slice(0, -1)
      .map(line => line.path)
      .sort(),
  ).toEqual(ours.map(name => join(folder, name)).sort())
  expect(readdirSync(folder).sort()).toEqual(theirs.toSorted())
})

test('takes pushed files in the lab’s own folder alone', async () => {
  make(`${hash}-model.bin`, 'model.bin')
  expect(lastLine(await clean({ remove: 1, pushed: 1 }))).toMatchObject({ files: 1 })
  expect(readdirSync(folder)).toEqual(['model.bin'])
})

test('leaves links, folders, and a push that goes on', async () => {
  make('elsewhere')
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'generated-seed1-4096.bin'))
  mkdirSync(join(folder, 'generated-seed1-8192.bin'))
  writeFileSync(join(folder, '.dmabuf-lab-push-0123-1'), 'half')
  expect(lastLine(await clean({ remove: 1, pushed: 1 }))).toMatchObject({ files: 0 })
  expect(readdirSync(folder)).toHaveLength(4)
})

test('a folder that is not there holds nothing; one that cannot be read is said', async () => {
  const missing = await runAgent({ binary }, ['clean', ...optionWords({ dir: join(folder, 'missing') })])
  expect(lastLine(missing)).toMatchObject({ type: 'cleaned', files: 0 })
  make('file')
  chmodSync(join(folder, 'file'), 0o644)
  const file = await runAgent({ binary }, ['clean', ...optionWords({ dir: join(folder, 'file') })])
  expect(lastLine(file)).toMatchObject({ type: 'error', kind: 'bad-file', errno: 'ENOTDIR' })
})
