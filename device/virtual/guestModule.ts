import { basename } from 'node:path'
import { fail } from '../../contract/error.ts'
import type { Adb } from './adbProgram.ts'
import { runAdb } from './adbProgram.ts'

const DEVICE_NODE = '/dev/dmabuf_lab'
const FOLDER = '/data/local/tmp'

/** True when the kernel module is loaded in the guest now. */
export async function isModuleLoaded(adb: Adb, serial: string): Promise<boolean> {
  const result = await runAdb(adb, ['-s', serial, 'shell', `test -c ${DEVICE_NODE}`])
  return result.exitCode === 0
}

/** True when a module of that name is loaded in the guest now. */
export async function isLoaded(adb: Adb, serial: string, name: string): Promise<boolean> {
  const result = await runAdb(adb, ['-s', serial, 'shell', `test -d /sys/module/${name}`])
  return result.exitCode === 0
}

/**
 * Pushes and loads a built module, in place of one that is loaded.
 * @throws LabFailure `target-unavailable` with what the device said.
 */
export async function loadModule(adb: Adb, serial: string, file: string): Promise<void> {
  const name = basename(file, '.ko')
  const pushed = `${FOLDER}/${name}.ko`
  const unload = `if [ -d /sys/module/${name} ]; then rmmod ${name}; fi`
  await onDevice(adb, serial, ['push', file, pushed])
  await onDevice(adb, serial, ['shell', `${unload} && insmod ${pushed} && rm ${pushed}`])
}

async function onDevice(adb: Adb, serial: string, args: readonly string[]): Promise<void> {
  const result = await runAdb(adb, ['-s', serial, ...args])
  if (result.exitCode === 0) return
  const said = `${result.stdout.toString('utf8')}${result.stderr}`.trim()
  fail('target-unavailable', `the kernel module cannot be loaded: ${said}`, 'See dmesg on the device.')
}
