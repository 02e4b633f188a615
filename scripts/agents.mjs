// The agent binaries for the architectures whose compilers are here. A failed build leaves the lab usable:
// targets that need the agent say so.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ensurePrograms, programs } from './debian.mjs'
import { pinnedEnvironment, pinnedNode, root } from './setup.mjs'

/** Installs the compilers where it may, then builds. */
export function ensureCompilersAndAgents() {
  if (process.platform !== 'linux') return sayNoAgents()
  ensurePrograms(['gcc', 'aarch64-linux-gnu-gcc'])
  buildAgents()
}

/** Builds what the compilers at hand can; quick when nothing changed. */
export function buildAgents() {
  if (process.platform !== 'linux') return
  const crossCompiler = existsSync(programs['aarch64-linux-gnu-gcc'].file)
  const args = [join(root, 'device', 'agent', 'build.ts'), ...(crossCompiler ? ['--arch', 'all'] : [])]
  const built = spawnSync(pinnedNode(), args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 2],
    env: pinnedEnvironment(),
  })
  if (built.status !== 0)
    console.error('dmabuf-lab: the agent was not built; only simulated targets can be measured.')
}

/**
 * Whether every agent is younger than what it is made of. A look that costs milliseconds, where asking the build costs
 * a process; a change of compiler alone is left to the build of `npm start` and `npm test`.
 */
export function agentsAreCurrent() {
  const binaries = agentBinaries()
  if (binaries.length === 0) return false
  const oldest = Math.min(...binaries.map(file => statSync(file).mtimeMs))
  return ['agent', 'loader', 'module'].every(part => newestIn(join(root, 'device', part)) < oldest)
}

function agentBinaries() {
  const folder = join(root, 'out', 'agent')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => /^dmabuf-lab-agent-[a-z0-9_]+$/.test(name))
    .map(name => join(folder, name))
}

function newestIn(folder) {
  const times = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.[ch]$/.test(entry.name))
    .map(entry => statSync(join(entry.parentPath, entry.name)).mtimeMs)
  return Math.max(0, ...times)
}

/** The agents are Linux programs, for this machine and for phones; other systems have them from the package. */
function sayNoAgents() {
  console.error(
    'dmabuf-lab: a checkout builds its agents on Linux only. The packaged desktop app brings them along.',
  )
}
