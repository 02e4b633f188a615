import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataDirectoryOf } from './paths.ts'

test('the data folder is what the environment names, else the platform’s', () => {
  expect(dataDirectoryOf({ DMABUF_LAB_HOME: '/data/lab' })).toBe('/data/lab')
  expect(dataDirectoryOf({ XDG_DATA_HOME: '/data' })).toBe('/data/dmabuf-lab')
})

const notRoot = process.getuid?.() === 0 ? null : 'only root can become a user without an entry in passwd'
const skipped = notRoot === null ? '' : ` (skipped: ${notRoot})`

test.skipIf(notRoot !== null)(`a user without a home is told what to set${skipped}`, () => {
  const paths = JSON.stringify(join(import.meta.dirname, 'paths.ts'))
  // Loaded first: that user may not be allowed to read this folder.
  const script = `const { dataDirectoryOf } = await import(${paths})
    process.setgroups([]); process.setuid(54321); delete process.env.HOME
    try { dataDirectoryOf({}) } catch (error) { console.log(JSON.stringify(error.toError())) }`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'bad-input',
    message: expect.stringContaining('no home folder'),
    hint: expect.stringContaining('DMABUF_LAB_HOME'),
  })
})
