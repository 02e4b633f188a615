import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail } from '../../contract/error.ts'
import type { HostProgram } from './hostPrograms.ts'
import { programEnvironment } from './hostPrograms.ts'
import type { ProcessIdentity } from './processIdentity.ts'
import { endProcess, identifyProcess, isAlive } from './processIdentity.ts'
import type { GuestHardware } from './qemuCommand.ts'
import { qemuArguments } from './qemuCommand.ts'

const POLL_MS = 50
const LAST_LINES = 8

/** Starts the emulator apart from this process, so that the device outlives the command. */
export async function launchEmulator(
  qemu: HostProgram,
  hardware: GuestHardware,
  logFile: string,
): Promise<ProcessIdentity> {
  const log = await open(logFile, 'w')
  const dataFolders = qemu.dataFolders.flatMap(folder => ['-L', folder])
  const child = spawn(qemu.path, [...dataFolders, ...qemuArguments(hardware)], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: programEnvironment(qemu),
  })
  await once(child, 'spawn')
  await log.close()
  child.unref()
  const identity = child.pid === undefined ? null : identifyProcess(child.pid)
  if (identity === null) {
    fail('target-unavailable', `the emulator ended at once: ${await tail(logFile)}`, 'See its message.')
  }
  return identity
}

/**
 * Waits until the guest's adbd listens. QEMU accepts connections long before that, and an early
 * `adb connect` leaves the device offline.
 */
export async function waitForAdbd(
  emulator: ProcessIdentity,
  { consoleLog, logFile, timeoutMs }: { consoleLog: string; logFile: string; timeoutMs: number },
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    const console = await readFile(consoleLog, 'utf8').catch(() => '')
    if (console.includes('adbd started')) return
    if (!isAlive(emulator)) {
      const said = (await tail(logFile)) || (await tail(consoleLog)) || 'it said nothing'
      fail('target-unavailable', `the emulator ended while the guest booted: ${said}`, `See ${consoleLog}.`)
    }
    await sleep(POLL_MS)
  }
  await endProcess(emulator, 0)
  fail(
    'target-unavailable',
    `the guest did not come up in ${timeoutMs / 1000} s: ${await tail(consoleLog)}`,
    `See ${consoleLog}.`,
  )
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-LAST_LINES).join('\n')
}
