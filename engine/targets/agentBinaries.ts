import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineOptions } from '../../contract/engine.ts'
import { fail } from '../../contract/error.ts'

type AgentOptions = Pick<EngineOptions, 'agentDirectory' | 'agentHashes'>

/**
 * Path of the agent for a machine as uname names it (`x86_64`, `aarch64`).
 * @throws LabFailure `target-unavailable` where there is none for it, or where one that came with the package is not
 * the one that was packed.
 */
export function agentFile(options: AgentOptions, machine: string): string {
  const path = join(options.agentDirectory, `dmabuf-lab-agent-${machine}`)
  const isPacked = options.agentHashes !== undefined
  if (!existsSync(path)) {
    fail(
      'target-unavailable',
      `there is no agent for ${machine} in ${options.agentDirectory}`,
      isPacked ? 'This package has none for such a machine.' : 'Build it with: node device/agent/build.ts',
    )
  }
  if (isPacked && options.agentHashes?.[machine] !== sha256Of(path)) {
    fail('target-unavailable', `${path} is not the agent that was packed`, 'Install the lab again.')
  }
  return path
}

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
