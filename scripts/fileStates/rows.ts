import { type MadeState, madeStates } from '../../contract/plan.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { MiB } from '../../contract/size.ts'
import type { Environment } from '../../contract/target.ts'
import { type AgentRun, lastLine, optionWords, sampleOf } from '../../device/agent/test/agentRun.ts'
import type { BootOptions } from '../../device/virtual/bootOptions.ts'
import { VENDOR_PATH } from '../../device/virtual/vendorImage.ts'
import { errorLineSchema, probeLineSchema } from '../../engine/agent/lines.ts'
import { machineRows } from '../../findings/words/environmentRows.ts'
import { markText } from '../../findings/words/pathCause.ts'
import { type VendorFile, vendorFiles } from './vendorFiles.ts'

/** A device with the agent on it, as root. */
export type AgentPlace = {
  readonly run: (words: readonly string[]) => Promise<AgentRun>
  readonly shell: (line: string) => Promise<string>
}

/** What happens to the file system before a file is made on it, and what undoes it. */
type Circumstance = { readonly name: string; readonly before: string; readonly after: string }

/** The devices that the files are on: those with f2fs have the vendor files, too, as a phone has them beside its data. */
export const caseDevices = {
  ext4: { dataFileSystem: 'ext4' },
  f2fs: { dataFileSystem: 'f2fs' },
  'f2fs-newest': { dataFileSystem: 'f2fs', flavour: 'newest-generic' },
} as const satisfies Record<string, BootOptions>
export type CaseDevice = keyof typeof caseDevices

/** One line of docs/file-states.md. */
export type FileCase = {
  readonly device: CaseDevice
  readonly fileSystem: 'ext4' | 'f2fs' | 'erofs'
  readonly state: MadeState | VendorFile['state']
  readonly bytes: number
  readonly circumstance?: Circumstance
  /** Where it lies already; else it is made. */
  readonly path?: string
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

const onExt4: readonly FileCase[] = madeStates.map(state => ({
  ...{ device: 'ext4', fileSystem: 'ext4' },
  ...{ state, bytes },
}))

function onPhone(device: CaseDevice): FileCase[] {
  const made = madeStates.map(
    (state): FileCase => ({
      ...{ device, fileSystem: 'f2fs', state },
      bytes: state === 'inline' ? inodeBytes : bytes,
    }),
  )
  return [
    ...made,
    { device, fileSystem: 'f2fs', state: 'plain', bytes, circumstance: withoutCheckpoints },
    ...vendorFiles.map(
      ({ state, name, bytes: fileBytes }): FileCase => ({
        ...{ device, fileSystem: 'erofs', state },
        ...{ bytes: fileBytes, path: `${VENDOR_PATH}/${name}` },
      }),
    ),
  ]
}

export const fileCases: readonly FileCase[] = [...onExt4, ...onPhone('f2fs'), ...onPhone('f2fs-newest')]

export function nameOf(fileCase: FileCase): readonly [on: string, made: string] {
  const { device, fileSystem, circumstance, state } = fileCase
  const newest = device === 'f2fs-newest' ? ', newest kernel' : ''
  return [`${fileSystem}${circumstance?.name ?? ''}${newest}`, state]
}

/** Makes the file unless it lies there already, looks at it, loads it, and removes what was made. */
export async function rowOf(place: AgentPlace, fileCase: FileCase): Promise<Row> {
  const { circumstance, path, bytes } = fileCase
  if (path !== undefined) return [...nameOf(fileCase), ...(await lookAt(place, path, bytes))]
  await place.shell(`mkdir -p ${folder}; ${circumstance?.before ?? 'true'}`)
  try {
    return [...nameOf(fileCase), ...(await makeAndLookAt(place, fileCase))]
  } finally {
    await place.run(['clean', '--dir', folder, '--remove', '1'])
    await place.shell(`rm -rf ${folder}; ${circumstance?.after ?? 'true'}`)
  }
}

async function makeAndLookAt(place: AgentPlace, { state, bytes }: FileCase): Promise<string[]> {
  const path = `${folder}/generated-${state}/generated-seed1-${bytes}.bin`
  await place.shell(`mkdir -p ${folder}/generated-${state}`)
  const made = lastLine(await place.run(['prepare', ...optionWords({ path, bytes, seed: 1, state })]))
  if (made.type === 'error') return [refusalText(made), '', ...schemes.map(() => '')]
  return lookAt(place, path, bytes)
}

async function lookAt(place: AgentPlace, path: string, bytes: number): Promise<string[]> {
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
