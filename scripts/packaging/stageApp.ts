import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { importedPackages } from './bundleImports.ts'
import { productionModules } from './productionModules.ts'

/** What of a package is loaded: no sources, types, documents, and of prebuilt binaries only this platform's. */
const unloaded = /(^|\/)(src|deps|test|tests|docs|examples|prebuilds)\/|\.(map|md|gyp|gypi|ts|mts|cts|txt)$/
const platformBinary = (platform: string, arch: string) => `prebuilds/${platform}-${arch}.node`

export const agentMachines = ['x86_64', 'aarch64'] as const

export type Platform = { readonly platform: string; readonly arch: string }

/** Lays out in `folder` what goes into the archive, with nothing that can be executed but the unpacked binary. */
export function stageApp(root: string, folder: string, { platform, arch }: Platform): void {
  rmSync(folder, { recursive: true, force: true })
  for (const part of ['main', 'preload', 'renderer']) {
    cpSync(join(root, 'out', part), join(folder, 'out', part), { recursive: true })
  }
  writeFileSync(join(folder, 'out', 'agentHashes.json'), JSON.stringify(agentHashes(root)))
  writeFileSync(join(folder, 'package.json'), manifestOf(root))
  for (const { name } of productionModules(root, importedPackages(root))) {
    const from = join(root, 'node_modules', name)
    for (const file of globSync('**/*', { cwd: from })) {
      const wanted = !unloaded.test(file) || file === platformBinary(platform, arch)
      if (wanted && statSync(join(from, file)).isFile())
        copyFile(join(from, file), join(folder, 'node_modules', name, file))
    }
  }
  for (const file of globSync('**/*', { cwd: folder })) {
    if (statSync(join(folder, file)).isFile()) chmodSync(join(folder, file), 0o644)
  }
}
const terminalFiles = join(import.meta.dirname, 'files', 'terminal')

/**
 * Lays out in `folder` the terminal shell of a package: the bundle outside of the archive, which only Electron can
 * read, the Node that runs this, and what starts it.
 */
export function stageTerminal(root: string, folder: string, platform: Platform): void {
  stageApp(root, folder, platform)
  const isWindows = platform.platform === 'win32'
  const [starter, node] = isWindows ? ['dmabuf-lab.cmd', 'node.exe'] : ['dmabuf-lab', 'node']
  cpSync(process.execPath, join(folder, node))
  cpSync(join(terminalFiles, starter), join(folder, starter))
  for (const program of [node, starter]) chmodSync(join(folder, program), 0o755)
}

function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to)
}

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
})

/** The manifest that Electron reads: what starts, under which name. */
function manifestOf(root: string): string {
  const own = manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const { name, version, description, license } = own
  const main = 'out/main/index.js'
  return JSON.stringify({
    name,
    productName: name,
    version,
    description,
    license,
    author: 'The dmabuf-lab authors',
    type: 'module',
    main,
    desktopName: `${name}.desktop`,
  })
}

/** By these the shell knows its agents again; they lie inside the archive, the agents outside of it. */
export function agentHashes(root: string): Record<string, string> {
  return Object.fromEntries(
    agentMachines.map(machine => {
      const agent = readFileSync(join(root, 'out', 'agent', `dmabuf-lab-agent-${machine}`))
      return [machine, createHash('sha256').update(agent).digest('hex')]
    }),
  )
}
