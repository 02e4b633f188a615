import { createHash } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import type { EngineOptions } from '../../contract/engine.ts'
import { fail } from '../../contract/error.ts'
import type { TargetId } from '../../contract/target.ts'
import { Agent } from '../agent/agent.ts'
import { startChild } from '../agent/childTransport.ts'
import { agentFile } from './agentBinaries.ts'
import { agentTarget } from './agentTarget.ts'
import type { Target } from './target.ts'

/** What the kernel calls the processors that Node knows by another name. */
const machineNames: Partial<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }

/**
 * The agent's program for this machine.
 * @throws LabFailure `target-unavailable` where this machine cannot run one.
 */
export function localAgent(options: EngineOptions): string {
  if (platform() !== 'linux') {
    fail(
      'target-unavailable',
      `this machine runs ${platform()}, not Linux`,
      'Choose a simulated or adb target.',
    )
  }
  const program = agentFile(options, machineNames[arch()] ?? arch())
  try {
    accessSync(program, constants.X_OK)
  } catch (cause) {
    fail('target-unavailable', `${program} is not executable`, 'Make it executable, or rebuild it.', cause)
  }
  return program
}

/** This machine. */
export async function openLocal(id: TargetId, options: EngineOptions): Promise<Target> {
  const program = localAgent(options)
  return agentTarget({
    id,
    title: ({ machine }) => `This machine (${machine})`,
    agent: new Agent(() => startChild(program, ['serve'])),
    directory: join(options.dataDirectory, 'files'),
    holdsPushed: false,
    agentDirectory: null,
    bringFile: async path => path,
    machineId,
    fileIdentity: async path => {
      const { size, mtime, ino } = await stat(path)
      return `${path}, ${size} bytes, changed ${mtime.toISOString()}, inode ${ino}`
    },
    dispose: async () => {},
  })
}

/** machine-id(5) asks not to pass the id itself on. */
async function machineId(): Promise<string | null> {
  const id = (await readFile('/etc/machine-id', 'utf8').catch(() => '')).trim()
  return id === '' ? null : createHash('sha256').update(`dmabuf-lab ${id}`).digest('hex').slice(0, 16)
}
