import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail } from '../../contract/error.ts'
import { type Annotation, annotations } from '../../locks/lockdep.ts'
import { type Scenario, scenarioSchema } from '../../locks/scenario.ts'
import { buildModule, type KernelModule } from '../module/build.ts'
import { runAdb } from '../virtual/adbProgram.ts'
import { defaultCacheFolder } from '../virtual/deviceState.ts'
import { loadModule } from '../virtual/guestModule.ts'
import type { VirtualDevice } from '../virtual/virtualDevice.ts'
import { type KernelReport, kernelReport } from './kernelReport.ts'
import { lockScript, type Place, type PlayedAnnotation } from './lockScript.ts'

/** What lockdep said of a scenario; `null` where it said nothing. */
export type Played = (KernelReport & Place) | null

export type LockdepDevice = {
  /** @throws LabFailure `target-unavailable` where lockdep is off, as it stays after a report that was disturbed. */
  play(scenario: Scenario, annotation: PlayedAnnotation): Promise<Played>
  /** How the running kernel's dma_fence_begin_signalling() is annotated, found by what lockdep says of it. */
  ownAnnotation(): Promise<Annotation>
  /** Puts the processors back. */
  close(): Promise<void>
}

const lockdepModule: KernelModule = {
  sourceFolder: fileURLToPath(new URL('.', import.meta.url)),
  name: 'dmabuf_lab_lockdep',
}
const SCRIPT_FILE = '/sys/kernel/debug/dmabuf_lab_lockdep'
const ON_DEVICE = '/data/local/tmp/lock_script'
const startAnew = 'Start the device anew: npm run device -- stop, and start --flavour debug'

/** A report turns lockdep off, and the module turns it on again where it runs alone: on one processor. */
const otherProcessors = (online: 0 | 1) =>
  `for file in /sys/devices/system/cpu/cpu[1-9]*/online; do if [ -e $file ]; then echo ${online} >$file; fi; done`
/** Plays in one write; the answer, and after a report the kernel's log since the module's last mark. */
const PLAY = [
  `dd if=${ON_DEVICE} of=${SCRIPT_FILE} bs=256k count=1 && cat ${SCRIPT_FILE} || exit`,
  `grep -q ^report ${SCRIPT_FILE} || exit 0`,
  `dmesg | awk '/dmabuf_lab_lockdep: begins/ { text = "" } { text = text $0 "\\n" } END { print text }'`,
].join('; ')

/**
 * Loads the module that plays scenarios on a device whose kernel has lockdep.
 * @throws LabFailure `target-unavailable` for a device of another kernel.
 */
export async function openLockdep(device: VirtualDevice): Promise<LockdepDevice> {
  const shell = async (command: string) => {
    const { exitCode, stdout, stderr } = await runAdb(device.adb, ['-s', device.serial, 'shell', command])
    return { exitCode, stdout: stdout.toString('utf8'), said: `${stdout.toString('utf8')}${stderr}`.trim() }
  }
  if ((await shell('test -e /proc/lockdep')).exitCode !== 0) {
    const hint = 'npm run device -- start --flavour debug'
    fail('target-unavailable', `the kernel of ${device.state.name} has no lockdep`, hint)
  }
  const file = await buildModule(defaultCacheFolder(), device.state, lockdepModule)
  await loadModule(device.adb, device.serial, file)
  await shell(otherProcessors(0))

  const play = async (scenario: Scenario, annotation: PlayedAnnotation): Promise<Played> => {
    const script = lockScript(scenario, annotation)
    await push(device, script.text)
    const done = await shell(PLAY)
    if (done.exitCode !== 0)
      fail('target-unavailable', `the scenario cannot be played: ${done.said}`, startAnew)
    const [, step] = /^report (\d+) (?:rearmed|off)$/m.exec(done.stdout) ?? []
    if (step === undefined) return null
    const place = script.places[Number(step)]
    if (place === undefined) fail('internal', `lockdep reported at the unknown step ${step}`, startAnew)
    return { ...kernelReport(done.stdout), ...place }
  }
  return {
    play,
    ownAnnotation: async () => ((await play(telltale, 'kernel')) === null ? 'trylock' : 'read'),
    close: async () => {
      await shell(otherProcessors(1))
    },
  }
}

/** A section inside a lock, and the lock inside a section: a circle of a read lock, and none of a trylock. */
const telltale: Scenario = scenarioSchema.parse({
  title: `${annotations.join(' or ')}?`,
  locks: { lock: {} },
  threads: [
    {
      name: 'section first',
      steps: [
        { do: 'begin-signalling' },
        { do: 'lock', lock: 'lock' },
        { do: 'unlock', lock: 'lock' },
        { do: 'end-signalling' },
      ],
    },
    {
      name: 'lock first',
      steps: [
        { do: 'lock', lock: 'lock' },
        { do: 'begin-signalling' },
        { do: 'end-signalling' },
        { do: 'unlock', lock: 'lock' },
      ],
    },
  ],
})

async function push(device: VirtualDevice, text: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lock-script-'))
  try {
    const file = join(folder, 'script')
    await writeFile(file, text)
    const done = await runAdb(device.adb, ['-s', device.serial, 'push', file, ON_DEVICE])
    if (done.exitCode !== 0)
      fail('target-lost', `cannot push the scenario: ${done.stderr.trim()}`, 'Is the device running?')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
