import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineEvent } from '../../contract/engine.ts'
import { sampleKey } from '../../contract/sample.ts'
import { MiB } from '../../contract/size.ts'
import { runAdb } from '../../device/virtual/adbProgram.ts'
import { ownDevice } from '../../device/virtual/testing/testDevice.ts'
import type { VirtualDevice } from '../../device/virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../../device/virtual/whyNoVirtualDevice.ts'
import { openDevice } from '../adb/adbDevicePort.ts'
import { connectServer, watchDevices } from '../adb/adbServer.ts'
import type { ListedDevice } from '../adb/devicePort.ts'
import { builtAgentDirectory } from '../agent/builtAgents.ts'
import { openTarget } from './openTarget.ts'
import { recordRun } from './testing/recordRun.ts'

/** A device of this file's own, so that it may be killed. */
const testDevice = ownDevice({ name: `engine-lost-${process.pid}`, dataBytes: 512 * MiB, memoryMiB: 1024 })
const never = new AbortController().signal
const plan = { schemes: ['memfd-buffered' as const], sizesBytes: [8 * MiB], repeats: 5, ceiling: false }

const reason = whyNoVirtualDevice()

describe.skipIf(reason !== null)(`a lost device${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let device: VirtualDevice
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-lost-'))
    device = await testDevice.start()
  })
  afterAll(async () => {
    await testDevice.end()
    rmSync(folder, { recursive: true })
  })

  const server = () => ({ host: '127.0.0.1', port: device.adbServerPort })
  const open = () => {
    const options = { agentDirectory: builtAgentDirectory, dataDirectory: folder, adbServer: server() }
    return openTarget(`adb:${device.serial}`, options, never)
  }

  it('is what a device without its adb server is, and its run is resumed where it was', async () => {
    let measured = 0
    const onEvent = (event: EngineEvent) => {
      if (event.type !== 'sample') return
      measured += 1
      if (measured === 3) void runAdb(device.adb, ['kill-server'])
    }
    const lost = await open()
    const interrupted = await recordRun(lost, plan, { onEvent })
    await lost.dispose()
    expect(interrupted.ended).toMatchObject({ kind: 'target-lost' })
    expect(interrupted.samples.length).toBeLessThan(6)
    device = await testDevice.start()
    const target = await open()
    const resumed = await recordRun(target, plan, { doneKeys: interrupted.samples.map(sampleKey) })
    await target.dispose()
    expect(resumed.ended).toMatchObject({ status: 'finished' })
    const keys = [...interrupted.samples, ...resumed.samples].map(sampleKey)
    expect(new Set(keys).size).toBe(6)
    expect(keys).toHaveLength(6)
  })

  it('costs at most the load in flight, and is told to whatever waits for it', async () => {
    const client = await connectServer(server())
    const port = await openDevice(client, device.serial)
    const states: string[] = []
    const abort = new AbortController()
    const onDevices = (devices: ListedDevice[]) => states.push(devices[0]?.state ?? 'gone')
    const watching = watchDevices(
      () => connectServer(server()),
      { onDevices, onNoServer: () => {} },
      abort.signal,
    )
    await expect.poll(() => states.at(-1)).toBe('ready')
    const sleeping = await port.spawn(['sleep', '3600'])
    let measured = 0
    let measuredAlive = 0
    /** In the middle of a push, which would slow the loads down if it were there from the first. */
    const pushAndKill = () => {
      const onBytes = () => {
        if (measuredAlive > 0) return
        measuredAlive = measured
        process.kill(device.state.emulator.pid, 'SIGKILL')
      }
      return port.push({ mode: 0o644, onBytes, source: '/dev/zero', path: '/dev/null' }, never)
    }
    let pushing: Promise<unknown> = Promise.resolve()
    const onEvent = (event: EngineEvent) => {
      if (event.type !== 'sample') return
      measured += 1
      if (measured === 3) pushing = pushAndKill()
    }
    const target = await open()
    const running = recordRun(target, plan, { onEvent })
    await expect(sleeping.exit).rejects.toMatchObject({ kind: 'target-lost' })
    await expect(pushing).rejects.toMatchObject({ kind: 'target-lost' })
    const { ended, samples } = await running
    await target.dispose()
    expect(ended).toMatchObject({ kind: 'target-lost' })
    // A load that is done as the device dies may be told of as well.
    expect(samples.length - measuredAlive).toBeOneOf([0, 1])
    expect(samples.length).toBeLessThan(6)
    await expect(port.run(['true'])).rejects.toMatchObject({ kind: 'target-lost' })
    await expect(openDevice(client, device.serial)).rejects.toMatchObject({ kind: 'target-unavailable' })
    await expect.poll(() => states.at(-1)).not.toBe('ready')
    abort.abort()
    await watching
  })
})
