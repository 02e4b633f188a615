import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createPackageWithOptions } from '@electron/asar'
import { type BuilderConfig, readBuilderConfig } from './builderConfig.ts'
import { setFuses } from './fuses.ts'
import { writeLicences } from './licences.ts'
import { shippedModules } from './productionModules.ts'
import { type Platform, stageApp, stageTerminal } from './stageApp.ts'

export type UnpackedApp = {
  /** Electron's unpacked runtime for Linux: `electron`, `chrome-sandbox`, `version`, `resources/`. */
  readonly runtime: string
  readonly electronVersion: string
  readonly destination: string
}

/** Makes the folder that a package installs: the runtime under the lab's name, its archive and its resources. */
export async function makeUnpackedApp(root: string, app: UnpackedApp, platform: Platform): Promise<void> {
  const config = readBuilderConfig(root)
  const { destination } = app
  rmSync(destination, { recursive: true, force: true })
  cpSync(app.runtime, destination, { recursive: true, verbatimSymlinks: true })
  const program = join(destination, config.executableName)
  renameSync(join(destination, 'electron'), program)
  rmSync(join(destination, 'resources', 'default_app.asar'), { force: true })
  await setFuses(program, config.electronFuses)
  const licences = join(destination, '..', '..', 'licences')
  await addArchive(root, app, platform, licences)
  addResources(root, config, join(destination, 'resources'), licences)
  stageTerminal(root, join(destination, 'resources', 'terminal'), platform)
  const helper = join(destination, 'chrome-sandbox')
  if (existsSync(helper)) chmodSync(helper, 0o4755)
}

async function addArchive(
  root: string,
  app: UnpackedApp,
  platform: Platform,
  licences: string,
): Promise<void> {
  const staged = mkdtempSync(join(tmpdir(), 'dmabuf-lab-package-'))
  try {
    stageApp(root, join(staged, 'app'), platform)
    const archive = join(app.destination, 'resources', 'app.asar')
    mkdirSync(dirname(archive), { recursive: true })
    await createPackageWithOptions(join(staged, 'app'), archive, { unpack: '**/*.node' })
    writeLicences(root, licences, shippedModules(root), app.electronVersion)
  } finally {
    rmSync(staged, { recursive: true, force: true })
  }
}

/** Programs and sources beside the archive: nothing inside one can be started or compiled. */
function addResources(
  root: string,
  { extraResources }: BuilderConfig,
  resources: string,
  licences: string,
): void {
  for (const { from, to, filter = ['**/*'] } of extraResources) {
    // Laid out where it belongs; electron-builder copies it from where it was prepared.
    if (to.startsWith('terminal')) continue
    const folder = to === 'licences' ? licences : join(root, from)
    for (const file of filter.flatMap(pattern => globSync(pattern, { cwd: folder }))) {
      if (!statSync(join(folder, file)).isFile()) continue
      const target = join(resources, to, file)
      mkdirSync(dirname(target), { recursive: true })
      cpSync(join(folder, file), target)
      chmodSync(target, to === 'agents' ? 0o755 : 0o644)
    }
  }
}
