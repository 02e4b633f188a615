// The agent binaries for the architectures whose compilers are here. A failed build leaves the lab usable:
// targets that need the agent say so.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
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

/** The agents are Linux programs, for this machine and for phones; other systems have them from the package. */
function sayNoAgents() {
  console.error(
    'dmabuf-lab: a checkout builds its agents on Linux only. The packaged desktop app brings them along.',
  )
}
