import { fail } from '../../contract/error.ts'
import {
  gatherOf,
  gatherProblem,
  memoryProblem,
  type Plan,
  simulatedFileProblem,
} from '../../contract/plan.ts'
import { processorsProblem } from '../../contract/processors.ts'
import { schemeOf } from '../../contract/schemes.ts'
import { formatSize, sizeAndBytes } from '../../contract/size.ts'
import type { Capabilities, Limits } from '../../contract/target.ts'
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
      `the size ${sizeAndBytes(largest)} is larger than the file ${file.path} with ${sizeAndBytes(file.bytes)}`,
      'Choose sizes up to the size of the file, or none to load all of it.',
    )
  }
  return plan.sizesBytes
}

/** @throws LabFailure `no-memory` or `bad-plan` where the largest load asks too much. */
export function checkFit(plan: Plan, largestBytes: number, capabilities: Capabilities): void {
  checkProcessors(plan, capabilities)
  if (plan.fileState !== 'plain' && capabilities.simulated) {
    fail('bad-plan', simulatedFileProblem, 'Leave the file state out, or measure on a real target.')
  }
  checkMemory(plan, largestBytes, capabilities)
  checkGathers(plan, largestBytes, capabilities)
}

/** @throws LabFailure `bad-plan` where a load cannot be bound or capped as asked. */
function checkProcessors(plan: Plan, { simulated, environment }: Capabilities): void {
  const problem = processorsProblem(plan, { simulated, processors: environment.processors })
  if (problem === null) return
  const hint = simulated
    ? 'Leave both out, or measure on a real target.'
    : 'The target’s environment says what it offers.'
  fail('bad-plan', problem, hint)
}

/** @throws LabFailure `no-memory` where the largest buffer, beside the pressure asked for, is beyond what binds here. */
function checkMemory(plan: Plan, largestBytes: number, { environment }: Capabilities): void {
  const { pressureBytes } = plan
  const problem = memoryProblem({ bytes: largestBytes, pressureBytes }, environment.memoryAvailableBytes)
  if (problem !== null) {
    fail('no-memory', problem, 'Choose smaller sizes or less pressure, or close other programs.')
  }
  for (const { limitBytes, neededBytes, is, hint } of memoryLimits(plan, largestBytes, environment.limits)) {
    if (limitBytes === null || neededBytes <= limitBytes) continue
    const pressure = pressureBytes > 0 ? ` (with ${formatSize(pressureBytes)} of pressure)` : ''
    const load = `a load of ${formatSize(largestBytes)}${pressure} needs ${sizeAndBytes(neededBytes)} of memory`
    fail('no-memory', `${load}, ${is(sizeAndBytes(limitBytes))}`, hint)
  }
}

type MemoryLimit = {
  readonly limitBytes: number | null
  readonly neededBytes: number
  readonly is: (limit: string) => string
  readonly hint: string
}

/** What a load must fit into beside the machine: the control group, and the limits of a process. */
function memoryLimits(plan: Plan, largestBytes: number, limits: Limits | null): MemoryLimit[] {
  if (limits === null) return []
  const { memoryBytes, memoryLeftBytes, addressSpaceBytes, fileBytes } = limits
  return [
    {
      limitBytes: memoryLeftBytes,
      neededBytes: largestBytes + plan.pressureBytes,
      is: left => `${left} of the control group's limit of ${sizeAndBytes(memoryBytes ?? 0)} are left`,
      hint: 'Choose smaller sizes or less pressure, or raise the memory limit of the control group.',
    },
    {
      limitBytes: addressSpaceBytes,
      neededBytes: Math.max(largestBytes, plan.pressureBytes),
      is: limit => `the address space is limited to ${limit}`,
      hint: 'Choose smaller sizes or less pressure, or raise the limit (ulimit -v).',
    },
    {
      limitBytes: fileBytes,
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
  const tried = (plan.tuning ?? []).map(setting => setting.gatherBytes)
  const gatherBytes = Math.min(gatherOf(plan, largestBytes), ...tried)
  const gathers = Math.ceil(largestBytes / gatherBytes)
  const gathering = plan.schemes.some(scheme => schemeOf(scheme).overlap === 'gather')
  if (simulated || !gathering || gathers <= mostGathers) return
  fail(
    'bad-plan',
    `a load of ${sizeAndBytes(largestBytes)} in gathers of ${sizeAndBytes(gatherBytes)} has ${gathers} of them, more than ${mostGathers}`,
    'Choose a larger gather or smaller sizes.',
  )
}
