import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeDebianPackage } from './packaging/debian.ts'
import { agentHashes } from './packaging/stageApp.ts'
import { makeUnpackedApp } from './packaging/unpackedApp.ts'

const root = join(import.meta.dirname, '..')

/** `npm run package`: the .deb of the desktop app, from Electron's unpacked runtime. */
const { values } = parseArgs({
  options: {
    /** The runtime's folder; else the one that is downloaded, or ELECTRON_OVERRIDE_DIST_PATH. */
    runtime: { type: 'string' },
    dest: { type: 'string', default: join(root, 'build', 'package') },
  },
})
const runtime =
  values.runtime ?? process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist')

if (!existsSync(join(runtime, 'electron'))) {
  console.error(`dmabuf-lab: Electron's runtime is not in ${runtime}. Get it with: npx install-electron`)
  process.exit(3)
}
const electronVersion = readFileSync(join(runtime, 'version'), 'utf8').trim().replace(/^v/, '')
// For the formats that electron-builder makes of the same files.
writeFileSync(join(root, 'out', 'agentHashes.json'), JSON.stringify(agentHashes(root)))
const unpacked = join(values.dest, 'unpacked')
const platform = { platform: process.platform, arch: process.arch }
await makeUnpackedApp(root, { runtime, electronVersion, destination: unpacked }, platform)
console.log(await makeDebianPackage(root, unpacked, values.dest))
