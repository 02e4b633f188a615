import { describe } from 'vitest'
import { startDevice, type VirtualDevice } from '../../device/virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../../device/virtual/whyNoVirtualDevice.ts'

/** For tests: a suite that needs a real adbd, skipped with the reason in its title where none can be started. */
export function describeOnVirtualDevice(title: string, suite: () => void): void {
  const why = whyNoVirtualDevice()
  if (why === null) describe(title, () => suite())
  else describe.skip(`${title} (skipped: the virtual device ${why})`, () => suite())
}

/** A device of the test file's own, so that it may be killed. */
export function startTestDevice(name: string): Promise<VirtualDevice> {
  return startDevice({ name: `${name}-${process.pid}`, dataBytes: 512 * 1024 * 1024, memoryMiB: 1024 })
}
