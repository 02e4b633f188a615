import type { HugePageSize, MadeState } from '../../contract/plan.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { MiB, parseSize } from '../../contract/size.ts'
import type { LineType } from './lines.ts'

/** An agent command: its words, the line that closes it, and how long it may stay silent. */
export type AgentCommand<T extends LineType> = {
  readonly args: readonly string[]
  readonly closing: T
  readonly silenceLimitMs: number
}

/** Direct ones, then buffered ones. */
const ceilingTrials = 9
const shortSilenceMs = 60_000
/** Slower storage than this is taken for hanging. */
const slowestBytesPerMs = (4 * MiB) / 1000
/** What a timer can hold: 24 days. */
const longestTimerMs = 2 ** 31 - 1

const command = <T extends LineType>(
  closing: T,
  args: readonly string[],
  workBytes = 0,
): AgentCommand<T> => ({
  args,
  closing,
  silenceLimitMs: Math.min(longestTimerMs, shortSilenceMs + Math.ceil(workBytes / slowestBytesPerMs)),
})

export const versionCommand = () => command('version', ['version'])

/** Of a folder, or of the file that is to be measured. */
export const probeCommand = (place: { directory: string } | { file: string }, heap: string) => {
  const where = 'file' in place ? ['--file', place.file] : ['--dir', place.directory]
  return command('probe', ['probe', ...where, '--heap', heap])
}

export const prepareCommand = (path: string, bytes: number, seed: number, state: MadeState = 'plain') => {
  const asked = state === 'plain' ? [] : ['--state', state]
  const words = ['prepare', '--path', path, '--bytes', `${bytes}`, '--seed', `${seed}`, ...asked]
  return command('prepared', words, bytes)
}

export const inspectCommand = (path: string) => command('inspected', ['inspect', '--path', path])

export type CleanOptions = {
  readonly directory: string
  readonly remove: boolean
  /** The lab's own folder on a device. */
  readonly holdsPushed: boolean
}

const flag = (is: boolean) => (is ? '1' : '0')

export const cleanCommand = ({ directory, remove, holdsPushed }: CleanOptions) =>
  command('cleaned', [
    ...['clean', '--dir', directory],
    ...['--remove', flag(remove), '--pushed', flag(holdsPushed)],
  ])

export const ceilingCommand = (path: string, bytes: number) =>
  // Every trial reads the file, and none says so.
  command('ceiling', ['ceiling', '--path', path, '--bytes', `${bytes}`], ceilingTrials * bytes)

export const pressureCommand = (bytes: number) =>
  command('pressure', ['pressure', '--bytes', `${bytes}`], bytes)

export const claimCommand = () => command('claimed', ['claim'])

export type MeasureOptions = {
  readonly scheme: SchemeId
  readonly path: string
  readonly bytes: number
  readonly gatherBytes: number
  readonly readers: number
  readonly heap: string
  readonly verify: string
  readonly hugePages: boolean
  /** Which of them; `null`: the kernel's largest. */
  readonly hugePageSize?: HugePageSize | null | undefined
  readonly populators?: number | null
  readonly processors?: string | null
  readonly clockKhz?: number | null
}

function processorsOf({ processors = null, clockKhz = null }: MeasureOptions): string[] {
  return [
    ...(processors === null ? [] : ['--cpus', processors]),
    ...(clockKhz === null ? [] : ['--clock', `${clockKhz}`]),
  ]
}

function pagesOf({ hugePages, hugePageSize = null }: MeasureOptions): string[] {
  if (!hugePages) return []
  if (hugePageSize === null) return ['--huge-pages', '1']
  const which = hugePageSize === 'hugetlb' ? ['--hugetlb', '1'] : ['--folio', `${parseSize(hugePageSize)}`]
  return ['--huge-pages', '1', ...which]
}

export function measureCommand(options: MeasureOptions): AgentCommand<'sample'> {
  const { scheme, path, bytes, gatherBytes, readers, heap, verify, populators = null } = options
  const what = ['--scheme', scheme, '--path', path, '--bytes', `${bytes}`, '--cold', '1']
  const how = ['--gather', `${gatherBytes}`, '--readers', `${readers}`, '--heap', heap, '--verify', verify]
  const threads = populators === null ? [] : ['--populators', `${populators}`]
  // Loaded once, verified once: the silence may last for both.
  const words = [...what, ...how, ...pagesOf(options), ...threads, ...processorsOf(options)]
  return command('sample', ['measure', ...words], 2 * bytes)
}
