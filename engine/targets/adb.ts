import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { constants } from 'node:os'
import { basename } from 'node:path'
import type { EngineOptions } from '../../contract/engine.ts'
import { fail, LabFailure } from '../../contract/error.ts'
import { type TargetId, targetName } from '../../contract/target.ts'
import { openDevice } from '../adb/adbDevicePort.ts'
import { connectServer } from '../adb/adbServer.ts'
import type { DevicePort } from '../adb/devicePort.ts'
import { inspectCommand, runAgent } from '../agent/commands.ts'
import type { AgentTransport, StartAgent } from '../agent/transport.ts'
import { agentFile } from './agentBinaries.ts'
import { agentTarget } from './agentTarget.ts'
import type { BytesDone, Target } from './target.ts'

/** The one folder of an Android device where the shell user may write and execute. */
const deviceFolder = '/data/local/tmp'
const filesFolder = `${deviceFolder}/dmabuf-lab`
const executable = 0o755
const readable = 0o644
/** A shell reports a program that signal n ended with this plus n. */
const signalBase = 128

/**
 * An Android device, or any other that runs adbd.
 * @throws LabFailure `target-unavailable` where it cannot be used now, `target-lost` when it goes meanwhile.
 */
export async function openAdb(id: TargetId, options: EngineOptions, signal: AbortSignal): Promise<Target> {
  const client = await connectServer(options.adbServer)
  const port = await openDevice(client, targetName(id))
  try {
    const agent = await installAgent(port, options, signal)
    const start: StartAgent = args => startOnDevice(port, [agent, ...args])
    return agentTarget({
      id,
      title: ({ machine }) => port.model || machine,
      start,
      directory: filesFolder,
      bringFile: (path, onBytes, aborted) => bringFile(port, start, path, onBytes, aborted),
      dispose: () => port.close(),
    })
  } catch (thrown) {
    await port.close()
    throw thrown
  }
}

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
async function installAgent(port: DevicePort, options: EngineOptions, signal: AbortSignal): Promise<string> {
  const source = agentFile(options, await machineOf(port))
  const hash = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
  const path = `${deviceFolder}/dmabuf-lab-agent-${hash.slice(0, 16)}`
  if (await hasHash(port, path, hash)) return path
  // Moved into place when whole: another engine may be starting the same agent now.
  const partial = `${path}.${process.pid}`
  await port.push({ source, path: partial, mode: executable, onBytes: () => {} }, signal)
  await mustRun(port, ['chmod', '755', partial])
  await mustRun(port, ['mv', '-f', partial, path])
  return path
}

async function hasHash(port: DevicePort, path: string, hash: string): Promise<boolean> {
  const { exitCode, stdout } = await port.run(['sha256sum', path])
  return exitCode === 0 && stdout.startsWith(hash)
}

async function mustRun(port: DevicePort, words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await port.run(words)
  if (exitCode === 0) return
  fail(
    'target-unavailable',
    `${words.join(' ')} failed on the device: ${stderr.trim()}`,
    'Look at the device.',
  )
}

async function startOnDevice(port: DevicePort, words: readonly string[]): Promise<AgentTransport> {
  const { stdout, stderr, exit, closeStdin, kill } = await port.spawn(words)
  return { stdout, stderr, closeStdin, kill, exit: exit.then(exitOf) }
}

function exitOf(code: number) {
  const ended = Object.entries(constants.signals).find(([, number]) => code === signalBase + number)
  return ended === undefined ? { code, signal: null } : { code: null, signal: ended[0] }
}

/** A path that the device has is used there; else a file of this machine is pushed, unless it was before. */
async function bringFile(
  port: DevicePort,
  start: StartAgent,
  path: string,
  onBytes: BytesDone,
  signal: AbortSignal,
): Promise<string> {
  try {
    return (await runAgent(start, inspectCommand(path), { signal })).path
  } catch (thrown) {
    const isMissing = thrown instanceof LabFailure && thrown.kind === 'bad-file'
    if (!isMissing || !existsSync(path)) throw thrown
  }
  return pushFile(port, path, onBytes, signal)
}

async function pushFile(
  port: DevicePort,
  source: string,
  onBytes: BytesDone,
  signal: AbortSignal,
): Promise<string> {
  const found = await stat(source)
  if (!found.isFile()) fail('bad-file', `${source} is not a regular file`, 'Choose a regular file.')
  const version = createHash('sha256').update(`${source} ${found.size} ${found.mtimeMs}`).digest('hex')
  const path = `${filesFolder}/${version.slice(0, 16)}-${basename(source)}`
  const { exitCode } = await port.run(['test', '-s', path])
  if (exitCode === 0) return path
  await mustRun(port, ['mkdir', '-p', filesFolder])
  const partial = `${path}.${process.pid}`
  const onPushed = (doneBytes: number) => onBytes(doneBytes, found.size)
  try {
    await port.push({ source, path: partial, mode: readable, onBytes: onPushed }, signal)
  } catch (thrown) {
    // A device that is gone takes its partial file with it, until it is pushed again.
    await port.run(['rm', '-f', partial]).catch(() => {})
    throw thrown
  }
  await mustRun(port, ['mv', '-f', partial, path])
  return path
}
