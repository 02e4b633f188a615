import { fail } from '../../contract/error.ts'
import type { Plan } from '../../contract/plan.ts'
import { formatSize } from '../../contract/size.ts'
import type { Capabilities } from '../../contract/target.ts'
import type { TargetFile } from '../targets/target.ts'

/** The sizes to load: the plan's, or all of the user's file. @throws LabFailure `bad-plan` for more than the file has. */
export function sizesOf(plan: Plan, file: TargetFile | null): number[] {
  if (file === null) return plan.sizesBytes
  if (plan.sizesBytes.length === 0) return [file.bytes]
  const largest = Math.max(...plan.sizesBytes)
  if (largest > file.bytes) {
    fail(
      'bad-plan',
      `the size ${withBytes(largest)} is larger than the file ${file.path} with ${withBytes(file.bytes)}`,
      'Choose sizes up to the size of the file, or none to load all of it.',
    )
  }
  return plan.sizesBytes
}

/** @throws LabFailure `no-memory` where the largest buffer, beside the pressure asked for, cannot fit. */
export function checkMemory(plan: Plan, largestBytes: number, { environment }: Capabilities): void {
  const neededBytes = largestBytes + plan.pressureBytes
  const availableBytes = environment.memoryAvailableBytes
  if (neededBytes <= availableBytes) return
  const pressure = plan.pressureBytes > 0 ? ` (with ${formatSize(plan.pressureBytes)} of pressure)` : ''
  fail(
    'no-memory',
    `a load of ${formatSize(largestBytes)}${pressure} needs ${withBytes(neededBytes)} of memory, ${withBytes(availableBytes)} are available`,
    'Choose smaller sizes or less pressure, or close other programs.',
  )
}

/** For people and for programs: `8MiB (8388608 bytes)`. */
function withBytes(bytes: number): string {
  return `${formatSize(bytes)} (${bytes} bytes)`
}
