import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeDebianPackage } from './packaging/debian.ts'
import { writeLicences } from './packaging/licences.ts'
import { shippedModules } from './packaging/productionModules.ts'
import { agentHashes, agentMachines, stageTerminal } from './packaging/stageApp.ts'
import { makeUnpackedApp } from './packaging/unpackedApp.ts'

const root = join(import.meta.dirname, '..')

/** `npm run package`: the .deb of the desktop app, from Electron's unpacked runtime. */
const { values } = parseArgs({
  options: {
    /** The runtime's folder; else the one that is downloaded, or ELECTRON_OVERRIDE_DIST_PATH. */
    runtime: { type: 'string' },
    /** Only what electron-builder needs beside the bundle: hashes of the agents, licences, the terminal. */
    prepare: { type: 'boolean', default: false },
    dest: { type: 'string', default: join(root, 'build', 'package') },
    /** Of the .deb, as dpkg-deb has them; `none` is made at once. */
    compression: { type: 'string', default: 'xz' },
  },
})
const missing = agentMachines.filter(
  machine => !existsSync(join(root, 'out', 'agent', `dmabuf-lab-agent-${machine}`)),
)
if (missing.length > 0) {
  console.error(
    `dmabuf-lab: no agent for ${missing.join(', ')}. Build both on Linux: node device/agent/build.ts --arch all`,
  )
  process.exit(3)
}
const hashes = JSON.stringify(agentHashes(root))
writeFileSync(join(root, 'out', 'agentHashes.json'), hashes)
const platform = { platform: process.platform, arch: process.arch }
if (values.prepare) {
  stageTerminal(root, join(root, 'build', 'terminal'), platform)
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'))
  writeLicences(root, join(root, 'build', 'licences'), shippedModules(root), version)
  process.exit(0)
}

const runtime =
  values.runtime ?? process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist')

if (!existsSync(join(runtime, 'electron'))) {
  console.error(`dmabuf-lab: Electron's runtime is not in ${runtime}. Get it with: npx install-electron`)
  process.exit(3)
}
const electronVersion = readFileSync(join(runtime, 'version'), 'utf8').trim().replace(/^v/, '')
const unpacked = join(values.dest, 'unpacked')
await makeUnpackedApp(root, { runtime, electronVersion, destination: unpacked }, platform)
console.log(await makeDebianPackage(root, unpacked, values))
