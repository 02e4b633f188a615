import { fail } from '../../contract/error.ts'
import { gatherProblem, type Plan } from '../../contract/plan.ts'
import { schemeOf } from '../../contract/schemes.ts'
import { formatSize } from '../../contract/size.ts'
import type { Capabilities, Environment } from '../../contract/target.ts'
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

type Bound = { readonly limitBytes: number | null; readonly neededBytes: number } & Words
type Words = { readonly is: (limit: string) => string; readonly hint: string }

/** @throws LabFailure `no-memory` where the largest buffer, beside the pressure asked for, is beyond what binds here. */
function checkMemory(plan: Plan, largestBytes: number, { environment }: Capabilities): void {
  const pressure = plan.pressureBytes > 0 ? ` (with ${formatSize(plan.pressureBytes)} of pressure)` : ''
  for (const { limitBytes, neededBytes, is, hint } of memoryBounds(plan, largestBytes, environment)) {
    if (limitBytes === null || neededBytes <= limitBytes) continue
    const load = `a load of ${formatSize(largestBytes)}${pressure} needs ${withBytes(neededBytes)} of memory`
    fail('no-memory', `${load}, ${is(withBytes(limitBytes))}`, hint)
  }
}

/** What a load must fit into: the machine, the control group, and the limits of a process. */
function memoryBounds(plan: Plan, largestBytes: number, environment: Environment): Bound[] {
  const { memoryAvailableBytes, limits } = environment
  const groupBytes = limits?.memoryBytes ?? null
  const group = groupBytes === null ? '' : ` of the control group's limit of ${withBytes(groupBytes)}`
  const neededBytes = largestBytes + plan.pressureBytes
  const oneBytes = Math.max(largestBytes, plan.pressureBytes)
  return [
    {
      limitBytes: memoryAvailableBytes,
      neededBytes,
      is: available => `${available} are available`,
      hint: 'Choose smaller sizes or less pressure, or close other programs.',
    },
    {
      limitBytes: limits?.memoryLeftBytes ?? null,
      neededBytes,
      is: left => `${left}${group} are left`,
      hint: 'Choose smaller sizes or less pressure, or raise the memory limit of the control group.',
    },
    {
      limitBytes: limits?.addressSpaceBytes ?? null,
      neededBytes: oneBytes,
      is: limit => `the address space is limited to ${limit}`,
      hint: 'Choose smaller sizes or less pressure, or raise the limit (ulimit -v).',
    },
    {
      limitBytes: limits?.fileBytes ?? null,
      neededBytes: largestBytes,
      is: limit => `files, and shared memory with them, are limited to ${limit}`,
      hint: 'Choose smaller sizes, or raise the limit (ulimit -f).',
    },
  ]
}

/** Each gather leaves spans that are stored, sent and drawn; a load of more of them would choke all three. */
const mostGathers = 65_536

/** @throws LabFailure `bad-plan` where a measured load would have more gathers than a sample can hold. */
function checkGathers(plan: Plan, largestBytes: number, { simulated }: Capabilities): void {
  const gathers = Math.ceil(largestBytes / plan.gatherBytes)
  const gathering = plan.schemes.some(scheme => schemeOf(scheme).overlap === 'gather')
  if (simulated || !gathering || gathers <= mostGathers) return
  fail(
    'bad-plan',
    `a load of ${withBytes(largestBytes)} in gathers of ${withBytes(plan.gatherBytes)} has ${gathers} of them, more than ${mostGathers}`,
    'Choose a larger gather or smaller sizes.',
  )
}

/** For people and for programs: `8MiB (8388608 bytes)`. */
function withBytes(bytes: number): string {
  return `${formatSize(bytes)} (${bytes} bytes)`
}
