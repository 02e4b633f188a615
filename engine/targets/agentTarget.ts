import { posix } from 'node:path'
import { fail, LabFailure } from '../../contract/error.ts'
import type { MadeState } from '../../contract/plan.ts'
import type { Span } from '../../contract/sample.ts'
import type { MadeFile } from '../../contract/target.ts'
import type { Agent } from '../agent/agent.ts'
import {
  ceilingCommand,
  claimCommand,
  cleanCommand,
  inspectCommand,
  measureCommand,
  prepareCommand,
  pressureCommand,
  probeCommand,
} from '../agent/commands.ts'
import { HeldSession } from '../agent/heldSession.ts'
import type { AgentLine } from '../agent/lines.ts'
import { loadResult, spanOf } from './loadResult.ts'
import { type ProbedHost, probedCapabilities } from './probedCapabilities.ts'
import type { BytesDone, Cleaning, Load, LoadResult, Pressure, Target } from './target.ts'

/** What tells one machine with an agent from another. */
export type AgentHost = ProbedHost & {
  readonly agent: Agent
  /** Folder for generated files where the plan names none. */
  readonly directory: string
  /** Whether users' files are pushed into that folder. */
  readonly holdsPushed: boolean
  /** Another folder of the lab's, where agents lie; `null` where they lie nowhere. */
  readonly agentDirectory: string | null
  /** Brings a user's file to where the agent can read it, and returns its path there. */
  readonly bringFile: (path: string, onBytes: BytesDone, signal: AbortSignal) => Promise<string>
  /** What tells this machine from others like it. */
  readonly machineId: () => Promise<string | null>
  /** What tells a file of that path from one that takes its place, as `stat` words it. */
  readonly fileIdentity: (path: string) => Promise<string | null>
  /** Called when the agent has ended. */
  readonly dispose: () => Promise<void>
}

/** Of a file in such a state the content is not the seed's alone: it has holes, or can be compressed. */
const shapedStates: readonly MadeState[] = ['sparse', 'compressed']

/** One name per content, so that a file in use is never written again with another, and a folder per state. */
function generatedName(bytes: number, seed: number, state: MadeState): string {
  const name = `generated-seed${seed}-${bytes}.bin`
  return state === 'plain' ? name : `generated-${state}/${name}`
}

function verifyArgument({ file, verify }: Load): string {
  if (!verify) return 'none'
  return file.content.from === 'seed' ? `seed:${file.content.seed}` : 'file'
}

const forwardBytes = (onBytes: BytesDone) => (line: AgentLine) => {
  if (line.type === 'progress') onBytes(line.doneBytes, line.totalBytes)
}

/** A target whose loads are run by the agent, a new process per sample. */
export function agentTarget(host: AgentHost): Target {
  const { agent } = host

  const inspect: Target['inspect'] = async (path, signal) => {
    const found = await agent.run(inspectCommand(path), { signal }).catch(thrown => explainName(path, thrown))
    return { path: found.path, bytes: found.bytes, content: { from: 'file' } }
  }

  return {
    id: host.id,
    async probe({ directory, heap, measuredFile }, signal) {
      const place =
        measuredFile === undefined ? { directory: directory ?? host.directory } : { file: measuredFile }
      const line = await agent.run(probeCommand(place, heap), { signal })
      return probedCapabilities(host, line)
    },
    async prepare({ bytes, seed, state = 'plain', directory }, onBytes, signal) {
      const path = posix.join(directory ?? host.directory, generatedName(bytes, seed, state))
      const command = prepareCommand(path, bytes, seed, state)
      const prepared = await agent.run(command, { signal, onLine: forwardBytes(onBytes) })
      const isShaped = shapedStates.includes(state)
      const content = isShaped ? ({ from: 'file' } as const) : ({ from: 'seed', seed } as const)
      return { path: prepared.path, bytes: prepared.bytes, content }
    },
    async adopt(path, onBytes, signal) {
      return inspect(await host.bringFile(path, onBytes, signal), signal)
    },
    inspect,
    identity: async ({ path, content }) => ({
      machine: await host.machineId(),
      file: content.from === 'file' ? await host.fileIdentity(path) : null,
    }),
    async ceiling({ path, bytes }, signal) {
      const { v: _, type: __, ...ceiling } = await agent.run(ceilingCommand(path, bytes), { signal })
      return { ...ceiling, simulated: false }
    },
    measure: (load, signal) => measure(agent, load, signal),
    startPressure: (bytes, signal) => startPressure(agent, bytes, signal),
    clean: (cleaning, signal) => clean(host, cleaning, signal),
    async claim(signal) {
      const session = await agent.hold(claimCommand(), { signal })
      return { release: () => session.stop() }
    },
    async dispose() {
      await agent.close()
      await host.dispose()
    },
  }
}

async function measure(agent: Agent, load: Load, signal: AbortSignal): Promise<LoadResult> {
  const spans: Span[] = []
  const most = mostSpans(load)
  const command = measureCommand({ ...load, path: load.file.path, verify: verifyArgument(load) })
  const onLine = (line: AgentLine) => {
    if (line.type !== 'span') return
    if (spans.length === most) {
      fail('agent-protocol', `the agent wrote more than ${most} spans for one load`, 'Rebuild the agent.')
    }
    spans.push(spanOf(line))
  }
  return loadResult(load, await agent.run(command, { signal, onLine }), spans)
}

/** What a name of other bytes than UTF-8 becomes before the lab sees it. */
const replacementCharacter = '\ufffd'

function explainName(path: string, thrown: unknown): never {
  const isName =
    thrown instanceof LabFailure && thrown.kind === 'bad-file' && path.includes(replacementCharacter)
  if (!isName) throw thrown
  return fail(
    'bad-file',
    `${path}: a name that is not UTF-8, which the lab cannot hand on`,
    'Give the file a link with another name (ln -s) and choose the link.',
    thrown,
  )
}

/** No load has more: those of each gather (allocated, read, copied, waited for), then those of the whole. */
function mostSpans({ bytes, gatherBytes }: Load): number {
  return Math.ceil(bytes / gatherBytes) * spansPerGather + spansOfWhole
}
const spansPerGather = 8
const spansOfWhole = 256

/** Each folder once, the lab's own ones first. */
async function clean(
  { agent, directory, holdsPushed, agentDirectory }: AgentHost,
  { directories, remove }: Cleaning,
  signal: AbortSignal,
): Promise<MadeFile[]> {
  const made: MadeFile[] = []
  const onLine = (line: AgentLine) => {
    if (line.type === 'found') made.push({ kind: line.kind, path: line.path, bytes: line.bytes })
  }
  const own = agentDirectory === null ? [directory] : [directory, agentDirectory]
  for (const each of new Set([...own, ...directories])) {
    const options = { directory: each, remove, holdsPushed: holdsPushed && each === directory }
    await agent.run(cleanCommand(options), { signal, onLine })
  }
  return made
}

function notHeld(): never {
  return fail(
    'no-memory',
    'the memory pressure ended before the run did',
    'The kernel may have killed it for lack of memory. Choose less pressure, then resume the run.',
  )
}

async function startPressure(agent: Agent, bytes: number, signal: AbortSignal): Promise<Pressure> {
  const session = await agent.hold(pressureCommand(bytes), { signal })
  const held = new HeldSession(session)
  return {
    confirm: aborted => held.confirm(aborted).then(isHeld => (isHeld ? undefined : notHeld())),
    async stop() {
      const endedEarly = held.ended
      await session.stop()
      if (endedEarly) notHeld()
    },
  }
}
