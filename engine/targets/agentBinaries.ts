import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineOptions } from '../../contract/engine.ts'
import { fail } from '../../contract/error.ts'

/**
 * Path of the agent for a machine as uname names it (`x86_64`, `aarch64`).
 * @throws LabFailure `target-unavailable` where none was built for it.
 */
export function agentFile(options: EngineOptions, machine: string): string {
  const path = join(options.agentDirectory, `dmabuf-lab-agent-${machine}`)
  if (existsSync(path)) return path
  return fail(
    'target-unavailable',
    `there is no agent for ${machine} in ${options.agentDirectory}`,
    'Build it with: node device/agent/build.ts',
  )
}
