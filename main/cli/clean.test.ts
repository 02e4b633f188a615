import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { CommandProcess } from './fixtures/commandProcess.ts'
import { noAgent, runLab, SpawnedLab } from './fixtures/spawnLab.ts'

const plan = ['run', '--schemes', 'memfd-buffered', '--sizes', '64KiB', '--repeats', '1', '--no-ceiling']
let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-clean-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
})

test.skipIf(noAgent !== null)('shows, then removes, what runs made, wherever their plans said', async () => {
  const commands = new CommandProcess(home)
  onTestFinished(() => commands.close())
  const other = join(home, 'other')
  mkdirSync(other)
  writeFileSync(join(other, 'model.bin'), 'mine')
  for (const args of [plan, [...plan, '--dir', other]]) expect((await commands.run(...args)).code).toBe(0)
  const made = [join(home, 'files'), other].map(folder => join(folder, 'generated-seed1-65536.bin'))
  const shown = await commands.run('clean', '--dry-run')
  expect([shown.code, shown.stderr]).toEqual([0, '2 files, 128 KiB. Nothing was removed.\n'])
  for (const file of made) expect(shown.stdout).toContain(file)
  expect(made.map(file => existsSync(file))).toEqual([true, true])
  const removed = await commands.run('clean', 'local', '--json')
  expect(JSON.parse(removed.stdout)).toEqual(made.map(path => ({ kind: 'generated', path, bytes: 65_536 })))
  expect([readdirSync(join(home, 'files')), readdirSync(other)]).toEqual([[], ['model.bin']])
  expect((await commands.run('clean')).stderr).toBe('The lab has made nothing there.\n')
  expect((await commands.run(...plan)).code).toBe(0)
})

test.skipIf(noAgent !== null)('takes nothing away from a run', async () => {
  const running = new SpawnedLab(home, [
    ...plan.slice(0, 3),
    '--sizes',
    '16MiB',
    '--repeats',
    '1000',
    '--no-ceiling',
  ])
  await running.says(/\n\d+\/\d+ /)
  const { code, stderr } = await runLab(home, 'clean')
  expect([code, stderr]).toEqual([1, expect.stringMatching(/another lab measures on this machine/)])
  running.process.kill('SIGINT')
  await running.ended
})
