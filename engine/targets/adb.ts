import type { AdbServerClient } from '@yume-chan/adb'
import type { EngineOptions } from '../../contract/engine.ts'
import { type TargetId, targetName } from '../../contract/target.ts'
import { openDevice } from '../adb/adbDevicePort.ts'
import { connectServer, joinServer, listDevices } from '../adb/adbServer.ts'
import { Agent } from '../agent/agent.ts'
import { inspectCommand } from '../agent/commands.ts'
import { agentTarget } from './agentTarget.ts'
import { readAndroid } from './androidProperties.ts'
import { installAgent, removeAgent, startOnDevice } from './deviceAgent.ts'
import { deviceFolder, fileHere, filesFolder, onDeviceElseHere, pushFile } from './deviceFiles.ts'
import type { Target } from './target.ts'

/**
 * An Android device, or any other that runs adbd.
 * @throws LabFailure `target-unavailable` where it cannot be used now, `target-lost` when it goes meanwhile.
 */
export async function openAdb(id: TargetId, options: EngineOptions, signal: AbortSignal): Promise<Target> {
  const serial = targetName(id)
  const port = await openDevice(await serverOf(serial, options), serial)
  try {
    const program = await installAgent(port, options, signal)
    // Another Android needs another boot, which this connection does not outlive.
    const android = await readAndroid(port)
    let isCleaned = false
    const agent = new Agent(() => startOnDevice(port, [program, 'serve']))
    const target = agentTarget({
      id,
      title: ({ machine }) => port.model || machine,
      agent,
      directory: filesFolder,
      holdsPushed: true,
      agentDirectory: deviceFolder,
      bringFile: (path, onBytes, aborted) =>
        onDeviceElseHere(path, pathOnDevice(agent, path, aborted), () =>
          pushFile(port, path, onBytes, aborted),
        ),
      // The target is its serial number.
      machineId: async () => null,
      fileIdentity: async path => {
        const { exitCode, stdout } = await port.run([
          'stat',
          '-c',
          '%n, %s bytes, changed %y, inode %i',
          path,
        ])
        return exitCode === 0 ? stdout.trim() : null
      },
      dispose: async () => {
        if (isCleaned) await removeAgent(port, program)
        await port.close()
      },
    })
    return {
      ...target,
      probe: async (scope, aborted) => {
        const probed = await target.probe(scope, aborted)
        return android === undefined ? probed : { ...probed, environment: { ...probed.environment, android } }
      },
      clean: async (cleaning, aborted) => {
        const made = await target.clean(cleaning, aborted)
        isCleaned = cleaning.remove
        return made
      },
      inspect: (path, aborted) =>
        onDeviceElseHere(path, target.inspect(path, aborted), async () => {
          const { size } = await fileHere(path)
          return { path, bytes: size, content: { from: 'file' } }
        }),
    }
  } catch (thrown) {
    await port.close()
    throw thrown
  }
}

/** The server that lists the device; where none of the others does, the first, which may have to be started. */
async function serverOf(serial: string, options: EngineOptions): Promise<AdbServerClient> {
  for (const server of options.otherAdbServers ?? []) {
    const client = await joinServer(server).catch(() => null)
    const devices = client === null ? [] : await listDevices(client).catch(() => [])
    if (client !== null && devices.some(device => device.serial === serial)) return client
  }
  return connectServer(options.adbServer)
}

async function pathOnDevice(agent: Agent, path: string, signal: AbortSignal): Promise<string> {
  return (await agent.run(inspectCommand(path), { signal })).path
}
