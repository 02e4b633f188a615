import type { Capabilities, Environment, Limits, MeasuredFile } from '../../contract/target.ts'
import { sizeText } from './figureText.ts'
import { type Row, untold } from './rows.ts'

/** Said instead of the rows where the probe failed. */
export const unprobedText = 'The target could not be probed before this run.'

/** Everything of a probed target that can change a result. Nothing of a simulated one moves, so it has no state. */
export function environmentRows({ simulated, environment }: Capabilities): Row[] {
  return [...machineRows(environment), ...(simulated ? [] : stateRows(environment))]
}

/** What of the machine stays as it is during a run (measuring.md, rule 7). */
export function machineRows(environment: Environment): Row[] {
  return [
    ['kernel', environment.kernel],
    ['architecture', environment.architecture],
    ['machine', environment.machine],
    ['page size', sizeText(environment.pageBytes)],
    ['CPUs', String(environment.cpuCount)],
    ['CPU governor', environment.governor ?? untold],
    ['memory', sizeText(environment.memoryTotalBytes)],
    ...limitRows(environment),
    ['folder', environment.directory || untold],
    ['block device', environment.blockDevice ?? untold],
    ['file system', environment.fileSystem ?? untold],
    ['mount options', environment.mountOptions ?? untold],
    ['readahead', sizeOrUntold(environment.readAheadBytes)],
    ['O_DIRECT alignment', alignment(environment)],
    ['measured file', fileText(environment.file)],
    ['extents of the file', countOrUntold(environment.file?.extents ?? null)],
    ['dma-heaps', environment.heaps.map(heapText).join(', ') || 'none'],
    ['udmabuf limits', udmabufLimits(environment)],
    ['shmem huge pages', environment.hugePages ?? untold],
    ['root', environment.root ? 'yes' : 'no'],
    ['SELinux', environment.selinux ?? untold],
    ['agent', environment.agentVersion],
  ]
}

/** What of the machine moves during a run: shown before and after. */
export function stateRows(environment: Environment): Row[] {
  return [
    ['free memory', sizeText(environment.memoryAvailableBytes)],
    [
      'free below the memory limit',
      noneOrSize(environment.limits, environment.limits?.memoryLeftBytes ?? null),
    ],
    ['free space', sizeText(environment.freeBytes)],
    ['CPU frequencies', frequencies(environment.frequenciesKhz)],
    ['cooling state of the CPUs', countOrUntold(environment.coolingState)],
    ...environment.thermalZones.map(
      ({ name, milliCelsius }): Row => [`temperature ${name}`, `${(milliCelsius / 1000).toFixed(1)} °C`],
    ),
  ]
}

/** What binds beside the machine: control groups, cpusets, ulimits. */
function limitRows({ limits, cpuCount }: Environment): Row[] {
  return [
    ['memory limit', noneOrSize(limits, limits?.memoryBytes ?? null)],
    ['CPU limits', limits === null ? untold : processorLimits(limits, cpuCount)],
    ['ulimits', limits === null ? untold : ulimits(limits)],
  ]
}

function noneOrSize(limits: Limits | null, bytes: number | null): string {
  if (limits === null) return untold
  return bytes === null ? 'none' : sizeText(bytes)
}

function processorLimits({ processors, processorPercent }: Limits, cpuCount: number): string {
  const words = [
    ...(processors === null || processors === cpuCount ? [] : [`${processors} of ${cpuCount} CPUs`]),
    ...(processorPercent === null ? [] : [`${processorPercent} % of one CPU's time`]),
  ]
  return words.join(', ') || 'none'
}

function ulimits({ addressSpaceBytes, fileBytes, lockedBytes, openFiles }: Limits): string {
  const words = [
    ...(addressSpaceBytes === null ? [] : [`address space ${sizeText(addressSpaceBytes)}`]),
    ...(fileBytes === null ? [] : [`files ${sizeText(fileBytes)}`]),
    ...(lockedBytes === null ? [] : [`locked memory ${sizeText(lockedBytes)}`]),
    ...(openFiles === null ? [] : [`${openFiles} open files`]),
  ]
  return words.join(', ') || 'none'
}

/** `plain`, or what a file system or a storage can make of it: `sparse (64 MiB of holes), compressible (0.00 bits a byte)`. */
function fileText(file: MeasuredFile | null): string {
  if (file === null) return untold
  return file.states.map(state => stateText(state, file)).join(', ') || 'plain'
}

function stateText(state: MeasuredFile['states'][number], file: MeasuredFile): string {
  const { holeBytes, unwrittenBytes, entropyMillibits, repeatedPercent } = file
  if (state === 'sparse' && holeBytes !== null) return `sparse (${sizeText(holeBytes)} of holes)`
  if (state === 'unwritten' && unwrittenBytes !== null)
    return `unwritten (${sizeText(unwrittenBytes)} reserved)`
  if (state !== 'compressible' || entropyMillibits === null) return state
  return `compressible (${(entropyMillibits / 1000).toFixed(2)} bits a byte, ${repeatedPercent ?? 0} % repeated)`
}

function countOrUntold(count: number | null): string {
  return count === null ? untold : String(count)
}

function sizeOrUntold(bytes: number | null): string {
  return bytes === null ? untold : sizeText(bytes)
}

function alignment({ directMemoryAlignBytes: memory, directOffsetAlignBytes: offset }: Environment): string {
  return memory === null || offset === null
    ? untold
    : `memory ${sizeText(memory)}, offset ${sizeText(offset)}`
}

function heapText({ name, access, cpuAccess }: Environment['heaps'][number]): string {
  if (access === 'denied') return `${name} (denied)`
  return cpuAccess ? name : `${name} (no CPU access)`
}

function udmabufLimits({ udmabufSizeLimitMiB: size, udmabufListLimit: list }: Environment): string {
  return size === null || list === null ? untold : `${size} MiB, ${list} pieces`
}

function frequencies(khz: readonly number[]): string {
  return khz.map(one => `${Math.round(one / 1000)} MHz`).join(', ') || untold
}
