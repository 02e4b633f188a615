import type { Capabilities, Environment } from '../../contract/target.ts'
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
    ['folder', environment.directory || untold],
    ['block device', environment.blockDevice ?? untold],
    ['file system', environment.fileSystem ?? untold],
    ['mount options', environment.mountOptions ?? untold],
    ['readahead', sizeOrUntold(environment.readAheadBytes)],
    ['O_DIRECT alignment', alignment(environment)],
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
    ['free space', sizeText(environment.freeBytes)],
    ['CPU frequencies', frequencies(environment.frequenciesKhz)],
    ...environment.thermalZones.map(
      ({ name, milliCelsius }): Row => [`temperature ${name}`, `${(milliCelsius / 1000).toFixed(1)} °C`],
    ),
  ]
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
