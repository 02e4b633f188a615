import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { constants } from 'node:os'
import type { EngineOptions } from '../../contract/engine.ts'
import { fail, LabFailure } from '../../contract/error.ts'
import { formatSize } from '../../contract/size.ts'
import type { DevicePort } from '../adb/devicePort.ts'
import type { AgentExit, AgentTransport } from '../agent/transport.ts'
import { agentFile } from './agentBinaries.ts'
import { deviceFolder, filesFolder, mustRun, partialName } from './deviceFiles.ts'

const executable = 0o755
/** A shell reports a program that signal n ended with this plus n. */
const signalBase = 128

async function machineOf(port: DevicePort): Promise<string> {
  const { exitCode, stdout, stderr } = await port.run(['uname', '-m'])
  if (exitCode === 0) return stdout.trim()
  return fail(
    'target-unavailable',
    `the device does not tell its architecture: ${stderr}`,
    'Use another device.',
  )
}

/** Pushes the agent for the device's architecture unless that very file is there, and returns its path there. */
export async function installAgent(
  port: DevicePort,
  options: EngineOptions,
  signal: AbortSignal,
): Promise<string> {
  const source = agentFile(options, await machineOf(port))
  const hash = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
  const path = `${deviceFolder}/dmabuf-lab-agent-${hash.slice(0, 16)}`
  if (await hasHash(port, path, hash)) return path
  // Moved into place when whole: another engine may be starting the same agent now.
  const partial = `${deviceFolder}/${partialName(hash)}`
  await pushAgent(port, source, partial, signal)
  await mustRun(port, ['chmod', '755', partial])
  await mustRun(port, ['mv', '-f', partial, path])
  return path
}

/** After a cleaning, which itself needed it: nothing of the lab's is left on the device. */
export async function removeAgent(port: DevicePort, program: string): Promise<void> {
  // A device that is gone keeps it, and so do folders that hold something else.
  await port.run(['rm', '-f', program]).catch(() => {})
  await port.run(['rmdir', filesFolder]).catch(() => {})
}

async function pushAgent(port: DevicePort, source: string, path: string, signal: AbortSignal): Promise<void> {
  try {
    await port.push({ source, path, mode: executable, onBytes: () => {} }, signal)
  } catch (thrown) {
    await port.run(['rm', '-f', path]).catch(() => {})
    if (!(thrown instanceof LabFailure) || thrown.kind !== 'no-space') throw thrown
    const { size } = await stat(source)
    const message = `the lab's agent, ${formatSize(size)}, does not fit into ${deviceFolder} on the device`
    fail('no-space', message, 'Free space on the device.', thrown)
  }
}

async function hasHash(port: DevicePort, path: string, hash: string): Promise<boolean> {
  const { exitCode, stdout } = await port.run(['sha256sum', path])
  return exitCode === 0 && stdout.startsWith(hash)
}

/** Starts a program whose life hangs on this end of its standard input. */
export async function startOnDevice(port: DevicePort, words: readonly string[]): Promise<AgentTransport> {
  const { exit, ...streams } = await port.spawn(words)
  return { ...streams, exit: exit.then(exitOf) }
}

function exitOf(code: number): AgentExit {
  const ended = Object.entries(constants.signals).find(([, number]) => code === signalBase + number)
  return ended === undefined ? { code, signal: null } : { code: null, signal: ended[0] }
}
