import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { noAgent, runLab } from './fixtures/spawnLab.ts'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-cli-log-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
})

test.skipIf(noAgent !== null)('with --verbose a run can be read line by line afterwards', async () => {
  const plan = ['--schemes', 'memfd-direct', '--sizes', '64KiB', '--repeats', '1', '--no-ceiling']
  expect((await runLab(home, 'run', ...plan, '--verbose')).code).toBe(0)
  expect((await runLab(home, 'run', ...plan)).code).toBe(0)
  const { stdout } = await runLab(home, 'log', '--run', '1')
  expect(stdout).toMatch(/agent \d+ < \["measure","--scheme","memfd-direct"/)
  expect(stdout).toMatch(/agent \d+ > \{"v":\d+,"type":"sample"/)
  expect(stdout).toMatch(/agent \d+ ended code 0/)
  expect(stdout).not.toContain('run=2-')
  expect((await runLab(home, 'log', '--run', '2')).stdout).not.toMatch(/agent \d/)
})

test('an empty log says where it would lie', async () => {
  const { code, stderr } = await runLab(home, 'log')
  expect([code, stderr]).toEqual([2, expect.stringContaining(join(home, 'logs'))])
})
