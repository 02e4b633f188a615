import { type ChildProcess, spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { planSchema } from '../../contract/plan.ts'
import { MiB } from '../../contract/size.ts'
import { openStore } from '../../db/openStore.ts'
import { runAdb } from '../../device/virtual/adbProgram.ts'
import { defaultCacheFolder, instanceFolder } from '../../device/virtual/deviceState.ts'
import { startDevice, type VirtualDevice } from '../../device/virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../../device/virtual/whyNoVirtualDevice.ts'
import { lostSamples } from './acknowledgedSamples.ts'
import { bundledLab } from './bundledLab.ts'
import { type Acknowledged, readLabLines } from './labLines.ts'
import { between, noCounts, type Ordeal, pick } from './ordeal.ts'

const lookEveryMs = 50
const expectedEnds = ['target-lost', 'target-unavailable', 'interrupted', 'finished']

/** A virtual device that is lost at any moment, with its emulator or with its adb server, and comes back. */
export const lostDevices: Ordeal = {
  name: 'devices',
  share: 1,
  finds: ['lost'],
  missing: whyNoVirtualDevice,
  run: async ({ deadlineMs, random, scratch, planted }) => {
    const counts = noCounts()
    const findings: string[] = []
    const name = `torture-${process.pid}`
    const hardware = { name, dataBytes: 512 * MiB, memoryMiB: 768 }
    let device = await startDevice(hardware)
    try {
      while (performance.now() < deadlineMs) {
        const { devicePort, adbServerPort } = device.state
        const lines = await measureUntilLost(device, join(scratch, 'history'), random)
        counts.kills += 1
        const acknowledged = lines.filter(line => line.type === 'acknowledged')
        counts.inputs += acknowledged.length
        const lost = lostIn(
          join(scratch, 'history', 'lab.db'),
          planted ? altered(acknowledged) : acknowledged,
        )
        counts.lost += lost.length
        const odd = lines.flatMap(line =>
          line.type === 'ended' && !expectedEnds.includes(line.kind) ? [line] : [],
        )
        counts.crashed += odd.length
        findings.push(...lost, ...odd.map(({ kind, reason }) => `the run ended as ${kind}: ${reason}`))
        device = await startDevice({ ...hardware, devicePort, adbServerPort })
        if (planted) break
      }
    } finally {
      await device.stop()
      await rm(instanceFolder(defaultCacheFolder(), name), { recursive: true, force: true })
    }
    return { counts, findings }
  },
}

async function measureUntilLost(device: VirtualDevice, home: string, random: () => number) {
  const plan = planSchema.parse({
    target: `adb:${device.serial}`,
    schemes: ['normal', 'udmabuf-direct'],
    sizesBytes: [MiB],
    repeats: 400,
    ceiling: false,
  })
  const lab = spawn(process.execPath, [await bundledLab(), JSON.stringify(plan)], {
    env: { ...process.env, DMABUF_LAB_HOME: home, ANDROID_ADB_SERVER_PORT: `${device.adbServerPort}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { output, hasBegun } = collect(lab)
  // Most losses are to fall into the measuring, which an emulated device begins late.
  if (random() > 0.25) while (!hasBegun()) await sleep(lookEveryMs)
  await sleep(between(500, 8000, random))
  const loseDevice = pick([() => killEmulator(device), () => runAdb(device.adb, ['kill-server'])], random)
  await loseDevice?.()
  return readLabLines(await output)
}

async function killEmulator(device: VirtualDevice): Promise<void> {
  process.kill(device.state.emulator.pid, 'SIGKILL')
}

/** What a lab tells until it ends. It has begun with its first line, be that its end. */
function collect(child: ChildProcess): { output: Promise<string>; hasBegun: () => boolean } {
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const output = new Promise<string>(resolve => child.once('close', () => resolve(text)))
  return { output, hasBegun: () => text.includes('\n') || child.exitCode !== null }
}

/** The first sample as it was not. */
function altered(acknowledged: readonly Acknowledged[]): Acknowledged[] {
  return acknowledged.map((line, place) => (place === 0 ? { ...line, spans: line.spans + 1 } : line))
}

function lostIn(file: string, acknowledged: readonly Acknowledged[]): string[] {
  const store = openStore(file)
  try {
    return lostSamples(store.runs, acknowledged)
  } finally {
    store.close()
  }
}
