import { type Plan, type Question, questionOf, verificationText } from '../../contract/plan.ts'
import type { Environment } from '../../contract/target.ts'
import { sizeText } from './figureText.ts'

/** A thing that can change a result, and its value in words. */
export type Row = readonly [what: string, value: string]

const untold = 'not told'

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
    ['readahead', environment.readAheadBytes === null ? untold : sizeText(environment.readAheadBytes)],
    ['O_DIRECT alignment', alignment(environment)],
    ['dma-heaps', environment.heaps.map(heap => `${heap.name} (${heap.access})`).join(', ') || 'none'],
    ['udmabuf limits', udmabufLimits(environment)],
    ['huge pages', environment.hugePages ?? untold],
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
    ['CPU frequencies', environment.frequenciesKhz.map(khz => `${khz / 1000} MHz`).join(', ') || untold],
    ...environment.thermalZones.map(
      (zone): Row => [`temperature ${zone.name}`, `${zone.milliCelsius / 1000} °C`],
    ),
  ]
}

export function planRows(plan: Plan): Row[] {
  return [
    ['target', plan.target],
    ['schemes', plan.schemes.join(', ')],
    ['sizes', plan.sizesBytes.map(sizeText).join(', ') || 'the whole file'],
    plan.tuning === null ? ['question', askedText(plan)] : ['tries', `${plan.tuning.length} settings`],
    ['repeats', repeatsText(plan)],
    ['warm-ups', String(plan.warmups)],
    ...optionRows(plan),
    ['seed', String(plan.seed)],
    ['cool down first', cooling(plan.coolBelowMilliCelsius)],
  ]
}

function askedText(plan: Plan): string {
  const question = questionOf(plan)
  return question === null ? 'none: the fastest is picked' : questionText(question)
}

function repeatsText({ repeats, extensions }: Plan): string {
  return extensions.length === 0
    ? `${repeats}`
    : `${repeats}, of which ${extensions.join(' and ')} added after looking`
}

/** `Does memfd-gather-direct take less time than memfd-direct at 1 GiB?` */
export function questionText({ candidate, baseline, bytes }: Question): string {
  const place = bytes === null ? 'for the whole file' : `at ${sizeText(bytes)}`
  return `Does ${candidate} take less time than ${baseline} ${place}?`
}

/** The options of a plan that change what one load does. */
export function optionRows(plan: Plan): Row[] {
  return [
    ['gather', gatherText(plan)],
    ['readers', String(plan.readers)],
    ['file', plan.file ?? 'generated'],
    ['heap', plan.heap],
    ['memory pressure', plan.pressureBytes === 0 ? 'none' : sizeText(plan.pressureBytes)],
    ['huge pages asked for', plan.hugePages ? 'yes' : 'no'],
    ['verified', verificationText(plan)],
  ]
}

/** The gather of a plan; one that follows the size of a file that the plan does not know is said in words. */
export function gatherText({ gatherBytes }: Pick<Plan, 'gatherBytes'>): string {
  return gatherBytes === null ? 'an eighth of the file, 1 to 128 MiB' : sizeText(gatherBytes)
}

function alignment(environment: Environment): string {
  const { directMemoryAlignBytes: memory, directOffsetAlignBytes: offset } = environment
  return memory === null || offset === null ? untold : `memory ${memory} B, offset ${offset} B`
}

function udmabufLimits({ udmabufSizeLimitMiB: size, udmabufListLimit: list }: Environment): string {
  return size === null || list === null ? untold : `${size} MiB, ${list} pieces`
}

function cooling(milliCelsius: number | null): string {
  return milliCelsius === null ? 'no' : `below ${milliCelsius / 1000} °C`
}
