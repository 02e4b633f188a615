import { setTimeout as sleep } from 'node:timers/promises'
import { fail } from '../../contract/error.ts'
import type { ProgramResult } from './runProgram.ts'
import { runProgram } from './runProgram.ts'

/** The adb client with a server of its own, so that a developer's devices and server are left alone. */
export type Adb = { program: string; libraryPath: string | null; serverPort: number }

/** For what hangs: a push to an emulated device on a busy machine takes its time. */
const COMMAND_TIMEOUT_MS = 5 * 60_000
const ANSWER_TIMEOUT_MS = 10_000
const CONNECT_ATTEMPTS = 10
const CONNECT_PAUSE_MS = 200

export function adbEnvironment(adb: Adb): NodeJS.ProcessEnv {
  const { ANDROID_SERIAL: _, ...inherited } = process.env
  return {
    ...inherited,
    ...(adb.libraryPath === null ? {} : { LD_LIBRARY_PATH: adb.libraryPath }),
    ANDROID_ADB_SERVER_PORT: String(adb.serverPort),
    // Below the first emulator port: this server looks for no emulators.
    ADB_LOCAL_TRANSPORT_MAX_PORT: '5553',
  }
}

export function runAdb(
  adb: Adb,
  args: readonly string[],
  timeoutMs = COMMAND_TIMEOUT_MS,
): Promise<ProgramResult> {
  return runProgram(adb.program, args, { env: adbEnvironment(adb), timeoutMs })
}

/** True when a shell on the device answers. */
export async function answers(adb: Adb, serial: string): Promise<boolean> {
  const result = await runAdb(adb, ['-s', serial, 'shell', 'echo answer'], ANSWER_TIMEOUT_MS)
  return result.exitCode === 0 && result.stdout.toString('utf8').trim() === 'answer'
}

/**
 * Connects until a shell answers.
 * @throws LabFailure `target-unavailable` with what adb said last.
 */
export async function connectDevice(adb: Adb, serial: string): Promise<void> {
  let said = ''
  for (let attempt = 0; attempt < CONNECT_ATTEMPTS; attempt++) {
    const result = await runAdb(adb, ['connect', serial], ANSWER_TIMEOUT_MS)
    said = `${result.stdout.toString('utf8')}${result.stderr}`.trim()
    if (await answers(adb, serial)) return
    // A connection made too early stays offline until it is dropped.
    await runAdb(adb, ['disconnect', serial], ANSWER_TIMEOUT_MS)
    await sleep(CONNECT_PAUSE_MS)
  }
  fail('target-unavailable', `adb does not reach ${serial}: ${said}`, 'Stop the device and start it again.')
}
