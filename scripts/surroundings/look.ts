import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { type Sample, sampleSchema } from '../../contract/sample.ts'
import { capabilitiesSchema, ceilingSchema, type Environment } from '../../contract/target.ts'
import { markText } from '../../findings/words/pathCause.ts'
import { CommandProcess } from '../../main/cli/fixtures/commandProcess.ts'
import { Bench, type Ended, runToEnd } from './bench.ts'
import type { Condition, Setting } from './conditions.ts'

/** What the lab says of one condition, in words that are the same every time. */
export type Row = readonly [
  condition: string,
  disk: string,
  file: string,
  ceiling: string,
  buffered: string,
  direct: string,
]

export const columns: Row = ['condition', 'disk', 'file', 'ceiling', '`memfd-buffered`', '`memfd-direct`']

const lab = join(import.meta.dirname, '../../main/cli/index.ts')

const runSchema = z.looseObject({
  run: z.looseObject({
    reason: z.string(),
    capabilities: capabilitiesSchema.nullable(),
    ceiling: ceilingSchema.nullable(),
  }),
  samples: z.array(sampleSchema.loose()),
})

const plan = '--schemes memfd-buffered,memfd-direct --repeats 1 --warmups 0 --json'
// In a network namespace of its own the lab is not kept waiting by others that measure: no time is told here.
const alone = ['unshare', '--net']

/** Looks at one condition after the other, by the lab's own terminal. */
export class Looker {
  readonly #home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-surroundings-home-'))
  #commands: CommandProcess | null = null

  /** Sets a condition up, runs the lab there, and takes it down. */
  async lookAt(condition: Condition): Promise<Row> {
    const bench = new Bench()
    try {
      const setting = await condition.setUp(bench)
      return rowOf(condition.name, setting, await this.#run(setting))
    } finally {
      bench.takeDown()
    }
  }

  close(): void {
    this.#commands?.close()
    rmSync(this.#home, { recursive: true, force: true })
  }

  /** A lab that is started otherwise, or whose words are no text, is a process of its own. */
  #run(setting: Setting): Promise<Ended> {
    const { file, through, options = [], asPerson = false } = setting
    if (through !== undefined || asPerson || typeof file !== 'string') return runAlone(setting)
    this.#commands ??= new CommandProcess(this.#home, alone)
    return this.#commands.run('run', ...plan.split(' '), ...options, '--file', file)
  }
}

async function runAlone({ file, through = [], options = [], asPerson = false }: Setting): Promise<Ended> {
  const home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-surroundings-home-'))
  const claim = asPerson ? ['env', '-u', 'DMABUF_LAB_TEST_CLAIM'] : []
  const start = [...claim, ...alone, ...through, 'bash', '-c', `exec "$@" --file ${quoted(file)}`, '--']
  const words = ['run', ...plan.split(' ')]
  try {
    return await runToEnd([...start, process.execPath, lab, ...words, ...options], {
      ...process.env,
      DMABUF_LAB_HOME: home,
    })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** For bash, byte by byte: a name need not be text. */
function quoted(file: string | Buffer): string {
  return `$'${[...Buffer.from(file)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`
}

function rowOf(name: string, setting: Setting, ended: Ended): Row {
  if (!ended.stdout.startsWith('{')) throw new Error(`${name}: exit ${ended.code}: ${ended.stderr}`)
  const { run, samples } = runSchema.parse(JSON.parse(ended.stdout))
  if (run.capabilities === null || samples.length === 0) return [name, '', '', '', steady(run.reason), '']
  const { environment, noCeiling } = run.capabilities
  const cell = (scheme: string) => {
    const sample = samples.find(each => each.scheme === scheme)
    if (sample === undefined) return 'not measured'
    return setting.varies === true ? whetherMarked(sample) : sampleText(sample, environment)
  }
  const ceiling = run.ceiling === null ? `none: ${steady(noCeiling)}` : run.ceiling.ioMode
  return [
    name,
    diskText(environment),
    environment.file?.states.join(', ') ?? '',
    setting.varies === true ? '' : ceiling,
    cell('memfd-buffered'),
    cell('memfd-direct'),
  ]
}

function diskText({ fileSystem, blockDevice }: Environment): string {
  const device = blockDevice?.startsWith('/dev/loop') ? 'a loop device' : (blockDevice ?? 'no block device')
  return `${fileSystem ?? 'unknown'} on ${device}`
}

function sampleText({ status, reason, cold, direct, marks }: Sample, environment: Environment): string {
  if (status !== 'ok') return `${status}: ${steady(reason)}`
  const said = marks.map(mark => `“${markText(mark, environment)}”`)
  return [...(cold ? ['cold'] : []), ...(direct ? ['direct'] : []), ...said].join(', ')
}

/** What is not proved has a mark that says so, whichever it is this time. */
function whetherMarked({ scheme, status, reason, cold, direct, marks }: Sample): string {
  if (status !== 'ok') return `${status}: ${steady(reason)}`
  const isProved = cold && (direct || scheme === 'memfd-buffered')
  return isProved || marks.length > 0 ? 'proved, or marked' : 'not proved, and not marked'
}

/** Without what differs from one time to the next: sizes, offsets, paths. */
function steady(text: string): string {
  return text
    .replace(/[\d.]+ ?[KMGT]?i?B \(\d+ bytes\)/g, 'N')
    .replace(/byte \d+/g, 'byte N')
    .replace(/\/\S*\//g, '')
    .replaceAll('|', '\\|')
}
