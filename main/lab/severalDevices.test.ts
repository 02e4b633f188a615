import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planSchema } from '../../contract/plan.ts'
import { sampleKey } from '../../contract/sample.ts'
import { MiB } from '../../contract/size.ts'
import { openStore } from '../../db/openStore.ts'
import { defaultCacheFolder, instanceFolder } from '../../device/virtual/deviceState.ts'
import { startDevice, type VirtualDevice } from '../../device/virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../../device/virtual/whyNoVirtualDevice.ts'
import { runEnded } from './fixtures/scriptedLab.ts'
import { forkEngine } from './forkedEngine.ts'
import { LabApplication } from './lab.ts'
import { LabLog } from './log/labLog.ts'
import { LogFile } from './log/logFile.ts'

const product = join(import.meta.dirname, '..', '..')
const serverOf = ({ adbServerPort }: VirtualDevice) => ({ host: '127.0.0.1', port: adbServerPort })
const targetOf = ({ serial }: VirtualDevice) => `adb:${serial}` as const
/** Told from each other by their memory. */
const hardware = (name: string, memoryMiB: number) => ({
  name: `${name}-${process.pid}`,
  dataBytes: 128 * MiB,
  memoryMiB,
})
const small = hardware('several-small', 512)
const large = hardware('several-large', 768)
/** Of two schemes: enough for one device to go on while the other is found dead. */
const planned = 2 * 6

const reason = whyNoVirtualDevice()

describe.skipIf(reason !== null)(`two devices${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let folder: string
  let devices: readonly [VirtualDevice, VirtualDevice]
  let lab: LabApplication
  let close: () => Promise<void>
  let engineCount = 0

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-several-'))
    devices = await Promise.all([startDevice(small), startDevice(large)])
    const store = openStore(join(folder, 'lab.db'))
    const engine = {
      agentDirectory: join(product, 'out', 'agent'),
      dataDirectory: folder,
      adbServer: serverOf(devices[0]),
      otherAdbServers: [serverOf(devices[1])],
    }
    lab = new LabApplication({
      store,
      startEngine: () => {
        engineCount += 1
        return forkEngine(join(product, 'engine', 'worker.ts'), engine)
      },
      findingsWorkerFile: join(product, 'main', 'lab', 'findings', 'findingsWorker.ts'),
      paths: { dataDirectory: folder, databaseFile: store.file, engine },
      log: new LabLog(new LogFile(join(folder, 'logs')), false),
      shell: 'terminal',
      version: '0.1.0',
    })
    close = async () => {
      await lab.close()
      store.close()
    }
  })

  afterAll(async () => {
    await close?.()
    for (const device of devices ?? []) await device.stop()
    for (const { name } of [small, large])
      rmSync(instanceFolder(defaultCacheFolder(), name), { recursive: true, force: true })
    rmSync(folder, { recursive: true })
  })

  const start = async (device: VirtualDevice) => {
    const plan = planSchema.parse({
      target: targetOf(device),
      schemes: ['normal', 'udmabuf-gather-direct'],
      sizesBytes: [4 * MiB],
      gatherBytes: MiB,
      repeats: planned / 2 - 1,
      ceiling: false,
    })
    return (await lab.handlers.runs.start(plan)).runId
  }

  test('run one plan at once, an engine process each; one dies, the other goes on', async () => {
    const [steady, doomed] = devices
    const before = engineCount
    const steadyRun = await start(steady)
    const doomedRun = await start(doomed)
    expect(engineCount - before).toBe(2)
    let keptOfSteady = 0
    const unsubscribe = lab.on('sampleStored', ({ summary: { id } }) => {
      if (id === steadyRun) keptOfSteady += 1
      if (id !== doomedRun || keptOfSteady < 2) return
      unsubscribe()
      process.kill(doomed.state.emulator.pid, 'SIGKILL')
    })

    const lost = await runEnded(lab, doomedRun)
    expect(lost.summary).toMatchObject({ status: 'interrupted', reason: expect.stringContaining('is gone') })
    expect(lost.summary.samplesDone).toBeGreaterThan(0)
    expect(lost.summary.samplesDone).toBeLessThan(planned)
    expect((await lab.handlers.runs.get({ runId: steadyRun })).run.status).toBe('running')
    expect((await runEnded(lab, steadyRun)).summary).toMatchObject({
      status: 'finished',
      samplesDone: planned,
    })

    devices = [steady, await startAgain(doomed)]
    await lab.handlers.runs.resume({ runId: doomedRun })
    expect((await runEnded(lab, doomedRun)).summary).toMatchObject({
      status: 'finished',
      samplesDone: planned,
    })

    for (const [runId, { memoryMiB }] of [
      [steadyRun, small],
      [doomedRun, large],
    ] as const) {
      const { run, samples } = await lab.handlers.runs.get({ runId })
      const totalMiB = (run.capabilities?.environment.memoryTotalBytes ?? 0) / MiB
      expect(totalMiB).toBeLessThan(memoryMiB)
      expect(totalMiB).toBeGreaterThan(memoryMiB - 200)
      expect(new Set(samples.map(sampleKey)).size).toBe(planned)
      for (const sample of samples) expect(sample).toMatchObject({ status: 'ok', verified: true })
    }
  })

  /** Where it was before, as a phone that is plugged in again. */
  async function startAgain({ state, stop }: VirtualDevice): Promise<VirtualDevice> {
    await stop()
    const { devicePort, adbServerPort } = state
    return startDevice({ ...large, devicePort, adbServerPort })
  }
})
