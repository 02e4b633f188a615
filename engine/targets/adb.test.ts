import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineEvent } from '../../contract/engine.ts'
import { GiB, MiB } from '../../contract/size.ts'
import { freePort } from '../../device/virtual/freePort.ts'
import { suiteDevice } from '../../device/virtual/testing/testDevice.ts'
import type { VirtualDevice } from '../../device/virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../../device/virtual/whyNoVirtualDevice.ts'
import { openDevice } from '../adb/adbDevicePort.ts'
import { connectServer, joinServer } from '../adb/adbServer.ts'
import type { DevicePort } from '../adb/devicePort.ts'
import { Agent } from '../agent/agent.ts'
import { builtAgentDirectory } from '../agent/builtAgents.ts'
import { versionCommand } from '../agent/commands.ts'
import { startOnDevice } from './deviceAgent.ts'
import { openTarget } from './openTarget.ts'
import type { Target } from './target.ts'
import { recordRun } from './testing/recordRun.ts'

const never = new AbortController().signal
const scope = { directory: null, heap: 'system' }

const reason = whyNoVirtualDevice()

describe.skipIf(reason !== null)(`an adb target${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let device: VirtualDevice
  let folder: string
  let port: DevicePort
  let target: Target

  const options = (agentDirectory = builtAgentDirectory) => ({
    agentDirectory,
    dataDirectory: folder,
    adbServer: { host: '127.0.0.1', port: device.adbServerPort },
  })
  const open = (agentDirectory?: string) => openTarget(`adb:${device.serial}`, options(agentDirectory), never)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-adb-'))
    device = await suiteDevice.start()
    port = await openDevice(await connectServer(options().adbServer), device.serial)
    // A stock kernel here; who wants the module loads it again.
    await port.run(['rmmod', 'dmabuf_lab'])
    target = await open()
  })
  afterAll(async () => {
    await target?.dispose()
    rmSync(folder, { recursive: true })
  })

  const output = async (...words: string[]) => (await port.run(words)).stdout.trim()
  const agents = async () => (await output('sh', '-c', 'ls /data/local/tmp/dmabuf-lab-agent-*')).split('\n')
  const inode = async (path: string) => output('stat', '-c', '%i', path)

  it('is found on a server that runs beside the first, which is not started for it', async () => {
    const first = { host: '127.0.0.1', port: await freePort(null) }
    const beside = { ...options(), adbServer: first, otherAdbServers: [options().adbServer] }
    const found = await openTarget(`adb:${device.serial}`, beside, never)
    await found.dispose()
    await expect(joinServer(first)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('probes a real heap and udmabuf', async () => {
    const { environment, requirements } = await target.probe(scope, never)
    expect(environment.heaps).toContainEqual({ name: 'system', access: 'read', cpuAccess: true })
    expect(environment.udmabufSizeLimitMiB).toBe(64)
    // There is no getprop.
    expect(environment).not.toHaveProperty('android')
    expect(requirements['dma-heap'].met).toBe(true)
    expect(requirements['dmabuf-sendfile']).toMatchObject({
      met: false,
      why: expect.stringMatching(/EINVAL/),
    })
  })

  it('pushes the agent once, and again when the file there is another', async () => {
    const [agent = ''] = await agents()
    const first = await inode(agent)
    await (await open()).dispose()
    expect(await inode(agent)).toBe(first)
    await port.run(['sh', '-c', `rm ${agent}; echo damaged > ${agent}`])
    await (await open()).dispose()
    expect(await inode(agent)).not.toBe(first)
    expect(await agents()).toEqual([agent])
  })

  it('streams the samples of a run on a real heap and udmabuf, under pressure', async () => {
    const { ended, samples } = await recordRun(target, {
      schemes: ['normal', 'udmabuf-direct', 'udmabuf-gather-direct', 'sendfile-direct'],
      sizesBytes: [8 * MiB],
      repeats: 1,
      gatherBytes: MiB,
      pressureBytes: 64 * MiB,
    })
    expect(ended).toMatchObject({ status: 'finished', capabilitiesAfter: { simulated: false } })
    const [unsupported, ...loaded] = samples
    expect(unsupported).toMatchObject({
      scheme: 'sendfile-direct',
      status: 'unsupported',
      reason: expect.stringMatching(/EINVAL/),
    })
    expect(loaded).toHaveLength(6)
    for (const sample of loaded) {
      expect(sample).toMatchObject({ status: 'ok', verified: true, cold: true })
      expect(sample.ofCeiling).toBeGreaterThan(0)
    }
  })

  it('measures on while the clock of the device is set back', async () => {
    const before = await output('date', '+%s')
    let measured = 0
    let setBack: Promise<unknown> = Promise.resolve()
    const onEvent = (event: EngineEvent) => {
      if (event.type === 'sample') measured += 1
      if (event.type === 'sample' && measured === 2) {
        setBack = port.run(['date', '-s', '2001-01-01 00:00:00'])
      }
    }
    const plan = { schemes: ['memfd-buffered' as const], sizesBytes: [8 * MiB], repeats: 3, ceiling: false }
    const { ended, samples } = await recordRun(target, plan, { onEvent })
    await setBack
    expect(Number(await output('date', '+%s'))).toBeLessThan(Number(before))
    await port.run(['date', '-s', `@${before}`])
    expect(ended).toMatchObject({ status: 'finished' })
    expect(samples).toHaveLength(4)
    for (const sample of samples) expect(sample).toMatchObject({ status: 'ok', verified: true })
  })

  it('pushes a file of the user once, with progress, whatever its name', async () => {
    const file = join(folder, `it's "my" $(touch pwned); touch pwned`)
    writeFileSync(file, Buffer.alloc(3 * MiB + 17, 'content'))
    expect(await target.inspect(file, never)).toMatchObject({ path: file, bytes: 3 * MiB + 17 })
    const seen: number[] = []
    const adopted = await target.adopt(file, doneBytes => seen.push(doneBytes), never)
    expect(adopted.bytes).toBe(3 * MiB + 17)
    expect(seen.at(-1)).toBe(3 * MiB + 17)
    const again = await target.adopt(file, () => expect.unreachable(), never)
    expect(again).toEqual(adopted)
    const { samples } = await recordRun(target, {
      schemes: ['memfd-buffered'],
      sizesBytes: [],
      file,
      repeats: 1,
      warmups: 0,
      ceiling: false,
    })
    expect(samples).toMatchObject([{ status: 'ok', bytes: 3 * MiB + 17, verified: true }])
    expect(await output('sh', '-c', 'find / -xdev -name pwned')).toBe('')
  })

  it('uses a path that the device has', async () => {
    await port.run(['sh', '-c', 'head -c 5000 /dev/urandom > "/data/local/tmp/a b"'])
    expect(await target.adopt('/data/local/tmp/a b', () => expect.unreachable(), never)).toMatchObject({
      path: '/data/local/tmp/a b',
      bytes: 5000,
    })
    const missing = target.adopt('/no/such/file', () => {}, never)
    await expect(missing).rejects.toMatchObject({ kind: 'bad-file' })
    for (const bad of [folder, '/dev/null']) {
      await expect(target.adopt(bad, () => {}, never)).rejects.toMatchObject({ kind: 'bad-file' })
    }
  })

  it('refuses beforehand what the disk or the memory cannot hold', async () => {
    const tooLarge = { ...scope, bytes: 900 * GiB, seed: 1 }
    await expect(target.prepare(tooLarge, () => {}, never)).rejects.toMatchObject({ kind: 'no-space' })
    const { ended } = await recordRun(target, { schemes: ['memfd-direct'], sizesBytes: [8 * GiB] })
    expect(ended).toMatchObject({ kind: 'no-memory' })
  })

  it('refuses an agent of another architecture', async () => {
    const wrong = join(folder, 'wrong')
    mkdirSync(wrong)
    copyFileSync(
      join(builtAgentDirectory, 'dmabuf-lab-agent-aarch64'),
      join(wrong, 'dmabuf-lab-agent-x86_64'),
    )
    const misbuilt = await open(wrong)
    await expect(misbuilt.probe(scope, never)).rejects.toMatchObject({ kind: 'agent-failed' })
    await misbuilt.dispose()
  })

  it.each([
    ['garbage', 'echo garbage'],
    ['a line of 100 MB', "head -c 100000000 /dev/zero | tr '\\0' x"],
  ])('stops an agent that writes %s', async (_, script) => {
    const agent = new Agent(() => startOnDevice(port, ['sh', '-c', script]))
    await expect(agent.run(versionCommand(), { signal: never })).rejects.toMatchObject({
      kind: 'agent-protocol',
    })
  })

  /** The process on the device that runs the next command. */
  const worker = async () =>
    /\d+/.exec(await output('sh', '-c', 'ps | grep "[d]mabuf-lab-agent.* request"'))?.[0] ?? ''
  /** At work it has a second thread, which watches for a cancel. */
  const untilAtWork = (pid: string) =>
    expect.poll(() => output('ls', `/proc/${pid}/task`), { interval: 5 }).toContain('\n')

  it('says which signal ended the agent in the middle of a load, and loads again', async () => {
    const file = await target.prepare({ ...scope, bytes: 128 * MiB, seed: 1 }, () => {}, never)
    const load = { scheme: 'memfd-buffered', file, bytes: file.bytes, gatherBytes: MiB, readers: 1 } as const
    const rest = { verify: true, hugePages: false, heap: 'system', repeat: 0, warmup: false, seed: 1 }
    const measure = () => target.measure({ ...load, ...rest }, never)
    const pid = await worker()
    const killed = measure().catch((thrown: unknown) => thrown)
    await untilAtWork(pid)
    await port.run(['kill', '-9', pid])
    expect(await killed).toMatchObject({
      kind: 'agent-failed',
      message: expect.stringContaining('SIGKILL'),
    })
    expect((await measure()).sample).toMatchObject({ status: 'ok', verified: true })
  })

  it('stops the agent on the device after a cancel', async () => {
    const agents = () => output('sh', '-c', 'ps | grep "[d]mabuf-lab-agent" || true')
    expect(await agents()).not.toBe('')
    const abort = new AbortController()
    const { promise: measuring, resolve } = Promise.withResolvers<void>()
    const onEvent = (event: EngineEvent) => {
      if (event.type === 'progress' && event.progress.stage === 'measuring') resolve()
    }
    const plan = { schemes: ['memfd-buffered' as const], sizesBytes: [128 * MiB], repeats: 5, ceiling: false }
    const running = recordRun(target, plan, { signal: abort.signal, onEvent })
    await measuring
    await untilAtWork(await worker())
    abort.abort()
    const { ended, samples } = await running
    expect(ended).toMatchObject({ status: 'cancelled' })
    expect(samples.at(-1)?.status).toBe('cancelled')
    await expect.poll(agents).toBe('')
  })
})
