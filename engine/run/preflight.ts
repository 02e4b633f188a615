import { fail } from '../../contract/error.ts'
import { gatherOf, gatherProblem, type Plan } from '../../contract/plan.ts'
import { schemeOf } from '../../contract/schemes.ts'
import { formatSize } from '../../contract/size.ts'
import type { Capabilities } from '../../contract/target.ts'
import type { TargetFile } from '../targets/target.ts'

/**
 * The sizes to load: the plan's, or all of the user's file.
 * @throws LabFailure `bad-plan` for more than the file has, or a gather larger than it.
 */
export function sizesOf(plan: Plan, file: TargetFile | null): number[] {
  if (file === null) return plan.sizesBytes
  if (plan.sizesBytes.length === 0) {
    const problem = gatherProblem(plan, file.bytes)
    if (problem !== null) fail('bad-plan', problem, 'Choose a gather of at most the file.')
    return [file.bytes]
  }
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

/** @throws LabFailure `no-memory` or `bad-plan` where the largest load asks too much. */
export function checkFit(plan: Plan, largestBytes: number, capabilities: Capabilities): void {
  checkMemory(plan, largestBytes, capabilities)
  checkGathers(plan, largestBytes, capabilities)
}

/** @throws LabFailure `no-memory` where the largest buffer, beside the pressure asked for, cannot fit. */
function checkMemory(plan: Plan, largestBytes: number, { environment }: Capabilities): void {
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

/** Each gather leaves spans that are stored, sent and drawn; a load of more of them would choke all three. */
const mostGathers = 65_536

/** @throws LabFailure `bad-plan` where a measured load would have more gathers than a sample can hold. */
function checkGathers(plan: Plan, largestBytes: number, { simulated }: Capabilities): void {
  const tried = (plan.tuning ?? []).map(setting => setting.gatherBytes)
  const gatherBytes = Math.min(gatherOf(plan, largestBytes), ...tried)
  const gathers = Math.ceil(largestBytes / gatherBytes)
  const gathering = plan.schemes.some(scheme => schemeOf(scheme).overlap === 'gather')
  if (simulated || !gathering || gathers <= mostGathers) return
  fail(
    'bad-plan',
    `a load of ${withBytes(largestBytes)} in gathers of ${withBytes(gatherBytes)} has ${gathers} of them, more than ${mostGathers}`,
    'Choose a larger gather or smaller sizes.',
  )
}

/** For people and for programs: `8MiB (8388608 bytes)`. */
function withBytes(bytes: number): string {
  return `${formatSize(bytes)} (${bytes} bytes)`
}
