import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractAll } from '@electron/asar'
import { makeStandInRuntime } from '../scripts/packaging/testing/standInRuntime.ts'
import { fillPlan, runToEnd } from './benchPage.ts'
import { DesktopStandIn } from './desktopStandIn.ts'
import { expect, test } from './labTest.ts'

const root = join(import.meta.dirname, '..')

test('what the .deb installs opens the lab and makes a run, under the stand-in', async ({ shell }) => {
  test.skip(
    shell.name !== 'desktop stand-in',
    'the package is of the desktop shell, and its runtime is not here',
  )
  test.skip(!existsSync('/usr/bin/dpkg-deb'), 'dpkg-deb is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-package-'))
  const resources = join(folder, 'installed', 'usr', 'lib', 'dmabuf-lab', 'resources')
  const app = join(folder, 'app')
  await test.step('it is built, unpacked, and its archive opened as Electron would', async () => {
    makeStandInRuntime(join(folder, 'runtime'), '45.4.1')
    const args = [
      '--runtime',
      join(folder, 'runtime'),
      '--dest',
      join(folder, 'made'),
      '--compression',
      'none',
    ]
    const script = join(root, 'scripts', 'package.ts')
    const file = execFileSync(process.execPath, [script, ...args], { encoding: 'utf8' }).trim()
    execFileSync('dpkg-deb', ['-x', file, join(folder, 'installed')])
    extractAll(join(resources, 'app.asar'), app)
  })
  const standIn = new DesktopStandIn({
    dataFolder: join(folder, 'data'),
    entry: join(app, 'out', 'main', 'index.js'),
    environment: { DMABUF_LAB_STAND_IN_RESOURCES: resources },
  })
  try {
    const { page, disconnect } = await standIn.firstWindow()
    await test.step('this machine is measured by the agent of the package', async () => {
      await fillPlan(page, { schemes: ['memfd-direct'], sizes: ['1MiB'], repeats: 2 })
      await runToEnd(page, 1)
    })
    await test.step('a simulated device is, too', async () => {
      await page.getByRole('combobox', { name: 'Target' }).selectOption('sim:ufs4-phone-2024')
      await fillPlan(page, { schemes: ['normal'], sizes: ['8MiB'], repeats: 2 })
      await runToEnd(page, 2)
    })
    const { protocolClients } = await standIn.look()
    expect(protocolClients).toEqual(['dmabuf-lab'])
    expect(await standIn.quit()).toBe(0)
    await disconnect().catch(() => {})
  } finally {
    standIn.kill()
    rmSync(folder, { recursive: true, force: true })
  }
})
