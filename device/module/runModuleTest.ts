import { fail } from '../../contract/error.ts'
import { runAdb } from '../virtual/adbProgram.ts'
import { defaultCacheFolder } from '../virtual/deviceState.ts'
import type { ProgramResult } from '../virtual/runProgram.ts'
import type { VirtualDevice } from '../virtual/virtualDevice.ts'
import { buildModuleTest } from './build.ts'

const FOLDER = '/data/local/tmp'
const PROGRAM = `${FOLDER}/module_test`

export async function pushModuleTest(device: VirtualDevice): Promise<void> {
  const program = await buildModuleTest(defaultCacheFolder(), device.state.arch)
  const result = await runAdb(device.adb, ['-s', device.serial, 'push', program, PROGRAM])
  if (result.exitCode !== 0)
    fail('target-lost', `cannot push the test: ${result.stderr.trim()}`, 'Is it running?')
}

/** Runs one test of the program that was pushed: `content`, or `kill-stress` with its seconds and callers. */
export function runModuleTest(
  device: VirtualDevice,
  test: string,
  numbers: readonly number[],
  timeoutMs: number,
): Promise<ProgramResult> {
  const words = [PROGRAM, test, FOLDER, ...numbers.map(String)]
  return runAdb(device.adb, ['-s', device.serial, 'shell', words.join(' ')], timeoutMs)
}
