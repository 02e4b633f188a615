import type { Android, Capabilities, Environment, Limits, MeasuredFile } from '../../contract/target.ts'
import { sizeText } from './figureText.ts'
import { neverDirectText } from './pathCause.ts'
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
    ...(environment.android === undefined ? [] : androidRows(environment.android)),
    ['page size', sizeText(environment.pageBytes)],
    ['CPUs', String(environment.cpuCount)],
    ['CPU governor', environment.governor ?? untold],
    ...processorRows(environment),
    ['memory', sizeText(environment.memoryTotalBytes)],
    ...limitRows(environment),
    ['folder', environment.directory || untold],
    ['block device', environment.blockDevice ?? untold],
    ['file system', environment.fileSystem ?? untold],
    ['mount options', environment.mountOptions ?? untold],
    ['readahead', sizeOrUntold(environment.readAheadBytes)],
    ['O_DIRECT alignment', alignment(environment)],
    ...(environment.file === null ? [] : [['measured file', fileText(environment.file)] as const]),
    ['dma-heaps', environment.heaps.map(heapText).join(', ') || 'none'],
    ['udmabuf limits', udmabufLimits(environment)],
    ['shmem huge pages', environment.hugePages ?? untold],
    ['root', environment.root ? 'yes' : 'no'],
    ['SELinux', environment.selinux ?? untold],
    ['agent', environment.agentVersion],
  ]
}

function androidRows(android: Android): Row[] {
  return [
    ['device', joined(android.manufacturer, android.model)],
    ['SoC', joined(android.socManufacturer, android.socModel)],
    ['Android', androidText(android)],
    ['security patch', android.securityPatch ?? untold],
    ['build type', android.buildType ?? untold],
    ['build', android.fingerprint ?? untold],
  ]
}

/** `15 (SDK 35)`. */
export function androidText({ release, sdk }: Android): string {
  return joined(release, sdk === null ? null : `(SDK ${sdk})`)
}

function joined(...words: readonly (string | null)[]): string {
  return words.filter(word => word !== null).join(' ') || untold
}

/** What of the machine moves during a run: shown before and after. */
export function stateRows(environment: Environment): Row[] {
  return [
    ['free memory', sizeText(environment.memoryAvailableBytes)],
    ['free space', sizeText(environment.freeBytes)],
    ['CPU frequencies', frequencies(environment.frequenciesKhz)],
    ...countRow('cooling state of the CPUs', environment.coolingState),
    ...countRow('extents of the file', environment.file?.extents ?? null),
    ...sizeRow('free below the memory limit', environment.limits?.memoryLeftBytes ?? null),
    ...environment.thermalZones.map(
      ({ name, milliCelsius }): Row => [`temperature ${name}`, `${(milliCelsius / 1000).toFixed(1)} °C`],
    ),
  ]
}

/** What a load can be bound to, and capped at. Older runs say nothing of it, and have no row. */
function processorRows({ processors }: Environment): Row[] {
  if (processors === null) return []
  const { usable, clocks, canCapClock } = processors
  return [
    ['CPUs for a load', usable || untold],
    ['CPU clocks', clocks.map(clockText).join(', ') || 'no cpufreq'],
    [
      'CPU clock can be capped',
      canCapClock ? 'yes' : clocks.length === 0 ? 'no: no cpufreq' : 'no: needs root',
    ],
  ]
}

type Clock = NonNullable<Environment['processors']>['clocks'][number]

function clockText({ processors, leastKhz, mostKhz, capKhz }: Clock): string {
  const cap = capKhz < mostKhz ? `, capped at ${capKhz / 1000}` : ''
  return `${processors}: ${leastKhz / 1000} to ${mostKhz / 1000} MHz${cap}`
}

/** What binds beside the machine: control groups, cpusets, ulimits. Older runs say nothing of it, and have no row. */
function limitRows({ limits, cpuCount }: Environment): Row[] {
  if (limits === null) return []
  return [
    ['memory limit', memoryLimit(limits)],
    ['CPU limits', processorLimits(limits, cpuCount)],
    ['ulimits', ulimits(limits)],
  ]
}

function memoryLimit({ memoryBytes, memoryUntold }: Limits): string {
  if (memoryBytes !== null) return sizeText(memoryBytes)
  return memoryUntold === undefined ? 'none' : `${untold}: ${memoryUntold}`
}

function processorLimits(limits: Limits, cpuCount: number): string {
  const { processors, processorPercent, processorPercentUntold } = limits
  const words = [
    ...(processors === null || processors === cpuCount ? [] : [`${processors} of ${cpuCount} CPUs`]),
    ...(processorPercent === null ? [] : [`${processorPercent} % of one CPU's time`]),
    ...(processorPercentUntold === undefined ? [] : [`CPU time ${untold}: ${processorPercentUntold}`]),
  ]
  return words.join(', ') || 'none'
}

/** Those that a load can meet. */
function ulimits({ addressSpaceBytes, fileBytes }: Limits): string {
  const words = [
    ...(addressSpaceBytes === null ? [] : [`address space ${sizeText(addressSpaceBytes)}`]),
    ...(fileBytes === null ? [] : [`files ${sizeText(fileBytes)}`]),
  ]
  return words.join(', ') || 'none'
}

/** `plain`, or what a file system or a storage can make of it: `sparse (64 MiB of holes), compressible (0.00 bits a byte)`. */
function fileText(file: MeasuredFile): string {
  return file.states.map(state => stateText(state, file)).join(', ') || 'plain'
}

function stateText(state: MeasuredFile['states'][number], file: MeasuredFile): string {
  const { holeBytes, unwrittenBytes, extents, entropyMillibits, repeatedPercent } = file
  if (state === 'sparse' && holeBytes !== null) return `sparse (${sizeText(holeBytes)} of holes)`
  if (state === 'unwritten' && unwrittenBytes !== null)
    return `unwritten (${sizeText(unwrittenBytes)} reserved)`
  if (state === 'fragmented' && extents !== null) return `fragmented (${extents} extents)`
  if (state !== 'compressible' || entropyMillibits === null) return state
  return `compressible (${(entropyMillibits / 1000).toFixed(2)} bits a byte, ${repeatedPercent ?? 0} % repeated)`
}

function countRow(what: string, count: number | null): Row[] {
  return count === null ? [] : [[what, String(count)]]
}

function sizeRow(what: string, bytes: number | null): Row[] {
  return bytes === null ? [] : [[what, sizeText(bytes)]]
}

function sizeOrUntold(bytes: number | null): string {
  return bytes === null ? untold : sizeText(bytes)
}

function alignment(environment: Environment): string {
  const {
    directMemoryAlignBytes: memory,
    directOffsetAlignBytes: offset,
    directReadOffsetAlignBytes: ofReads,
  } = environment
  const never = neverDirectText(environment)
  if (never !== null) return `none: ${never}`
  if (memory === null || offset === null) return untold
  const reads = ofReads === null || ofReads === offset ? '' : `, of reads ${sizeText(ofReads)}`
  return `memory ${sizeText(memory)}, offset ${sizeText(offset)}${reads}`
}

/**
 * Words in the names of heaps that are for secure worlds: `protected,secure-video` (drivers/tee/tee_heap.c),
 * `restricted_mtk_cm` and `mtk_svp…` (MediaTek), `qcom,secure-pixel` (Qualcomm), `vframe-secure` (Google).
 */
const protectedWords = ['protected', 'restricted', 'secure', 'svp', 'trusted', 'prot', 'sec']

/** By its name and by trying: a name alone says nothing of what the CPU may do. */
function heapText({ name, access, cpuAccess }: Environment['heaps'][number]): string {
  const isNamedProtected = name.split(/[^a-z0-9]+/i).some(word => protectedWords.includes(word.toLowerCase()))
  const said = [
    ...(access === 'denied' ? ['denied'] : []),
    ...(isNamedProtected ? ['protected by its name'] : []),
    ...(access === 'read' && !cpuAccess ? ['no CPU access'] : []),
    ...(isNamedProtected && cpuAccess ? ['but the CPU maps it'] : []),
  ]
  return said.length === 0 ? name : `${name} (${said.join(', ')})`
}

function udmabufLimits({ udmabufSizeLimitMiB: size, udmabufListLimit: list }: Environment): string {
  return size === null || list === null ? untold : `${size} MiB, ${list} pieces`
}

function frequencies(khz: readonly number[]): string {
  return khz.map(one => `${Math.round(one / 1000)} MHz`).join(', ') || untold
}
