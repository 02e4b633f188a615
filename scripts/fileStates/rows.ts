import { type MadeState, madeStates } from '../../contract/plan.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { MiB } from '../../contract/size.ts'
import type { Environment } from '../../contract/target.ts'
import { type AgentRun, lastLine, optionWords, sampleOf } from '../../device/agent/test/agentRun.ts'
import { errorLineSchema, probeLineSchema } from '../../engine/agent/lines.ts'
import { machineRows } from '../../findings/words/environmentRows.ts'
import { markText } from '../../findings/words/pathCause.ts'

/** A device with the agent on it, as root. */
export type AgentPlace = {
  readonly run: (words: readonly string[]) => Promise<AgentRun>
  readonly shell: (line: string) => Promise<string>
}

/** What happens to the file system before a file is made on it, and what undoes it. */
type Circumstance = { readonly name: string; readonly before: string; readonly after: string }

/** One line of docs/file-states.md. */
export type FileCase = {
  readonly fileSystem: 'ext4' | 'f2fs'
  readonly state: MadeState
  readonly bytes: number
  readonly circumstance?: Circumstance
}

const schemes: readonly SchemeId[] = ['memfd-buffered', 'memfd-direct', 'udmabuf-gather-direct']

export type Row = readonly string[]
export const columns: Row = ['on', 'made', 'seen', 'O_DIRECT alignment', ...schemes.map(id => `\`${id}\``)]

const folder = '/data/local/tmp/states'
const bytes = 8 * MiB
const inodeBytes = 3000

const withoutCheckpoints: Circumstance = {
  name: ', checkpoints disabled',
  before: 'mount -o remount,checkpoint=disable:100% /data',
  after: 'mount -o remount,checkpoint=enable /data',
}

const everyState = (fileSystem: FileCase['fileSystem']): FileCase[] =>
  madeStates.map(state => ({ fileSystem, state, bytes }))

export const fileCases: readonly FileCase[] = [
  ...everyState('ext4'),
  ...everyState('f2fs').map(each => (each.state === 'inline' ? { ...each, bytes: inodeBytes } : each)),
  { fileSystem: 'f2fs', state: 'plain', bytes, circumstance: withoutCheckpoints },
]

export const nameOf = ({
  fileSystem,
  state,
  circumstance,
}: FileCase): readonly [on: string, made: string] => [fileSystem + (circumstance?.name ?? ''), state]

/** Makes the file, looks at it, loads it, and removes it. */
export async function rowOf(place: AgentPlace, fileCase: FileCase): Promise<Row> {
  const { circumstance } = fileCase
  await place.shell(`mkdir -p ${folder}; ${circumstance?.before ?? 'true'}`)
  try {
    return [...nameOf(fileCase), ...(await cellsOf(place, fileCase))]
  } finally {
    await place.run(['clean', '--dir', folder, '--remove', '1'])
    await place.shell(`rm -rf ${folder}; ${circumstance?.after ?? 'true'}`)
  }
}

async function cellsOf(place: AgentPlace, { state, bytes }: FileCase): Promise<string[]> {
  const path = `${folder}/generated-${state}/generated-seed1-${bytes}.bin`
  await place.shell(`mkdir -p ${folder}/generated-${state}`)
  const made = lastLine(await place.run(['prepare', ...optionWords({ path, bytes, seed: 1, state })]))
  if (made.type === 'error') return [refusalText(made), '', ...schemes.map(() => '')]
  const environment = await environmentOf(place, path)
  const said = []
  for (const scheme of schemes) said.push(await saidOf(place, { scheme, path, bytes }, environment))
  return [
    environment.file?.states.map(seenText(environment)).join(', ') || 'plain',
    alignment(environment),
    ...said,
  ]
}

const seenText = (environment: Environment) => (state: string) =>
  state === 'fragmented' ? `fragmented (${environment.file?.extents} extents)` : state

/** Without the folder, which says nothing of the file system. */
function refusalText(line: unknown): string {
  const { message, hint } = errorLineSchema.parse(line)
  return `refused: ${message.replace(/ in \S+/, '')}. ${hint}`
}

async function environmentOf(place: AgentPlace, file: string): Promise<Environment> {
  const line = probeLineSchema.parse(lastLine(await place.run(['probe', '--file', file])))
  const { v: _, type: __, arch, requirements: ___, allocAndRead: ____, notes: _____, ...told } = line
  return { ...told, architecture: arch }
}

function alignment(environment: Environment): string {
  return Object.fromEntries(machineRows(environment))['O_DIRECT alignment'] ?? ''
}

type Loaded = { readonly scheme: SchemeId; readonly path: string; readonly bytes: number }

/** Every load is checked against the file, byte by byte: what is not said was right. */
async function saidOf(place: AgentPlace, loaded: Loaded, environment: Environment): Promise<string> {
  const options = { ...loaded, gather: MiB, readers: 2, heap: 'system', verify: 'file', cold: 1 }
  const { sample } = sampleOf(await place.run(['measure', ...optionWords(options)]))
  const { status, reason, verified, cold, direct, marks } = sample
  if (status !== 'ok') return `${status}: ${reason}`
  const proved = [
    ...(cold ? ['cold'] : []),
    ...(direct ? ['direct'] : []),
    ...(verified ? [] : ['not verified']),
  ]
  return [...proved, ...marks.map(mark => `“${markText(mark, environment)}”`)].join(', ')
}
