import { posix } from 'node:path'
import { fail } from '../../contract/error.ts'
import type { Span } from '../../contract/sample.ts'
import type { Agent } from '../agent/agent.ts'
import {
  ceilingCommand,
  inspectCommand,
  measureCommand,
  prepareCommand,
  pressureCommand,
  probeCommand,
} from '../agent/commands.ts'
import type { AgentLine } from '../agent/lines.ts'
import { loadResult, spanOf } from './loadResult.ts'
import { type ProbedHost, probedCapabilities } from './probedCapabilities.ts'
import type { BytesDone, Load, LoadResult, Pressure, Target } from './target.ts'

/** What tells one machine with an agent from another. */
export type AgentHost = ProbedHost & {
  readonly agent: Agent
  /** Folder for generated files where the plan names none. */
  readonly directory: string
  /** Brings a user's file to where the agent can read it, and returns its path there. */
  readonly bringFile: (path: string, onBytes: BytesDone, signal: AbortSignal) => Promise<string>
  /** Called when the agent has ended. */
  readonly dispose: () => Promise<void>
}

/** One name per content, so that a file in use is never written again with another. */
function generatedName(bytes: number, seed: number): string {
  return `generated-seed${seed}-${bytes}.bin`
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
    const found = await agent.run(inspectCommand(path), { signal })
    return { path: found.path, bytes: found.bytes, content: { from: 'file' } }
  }

  return {
    id: host.id,
    async probe({ directory, heap }, signal) {
      const line = await agent.run(probeCommand(directory ?? host.directory, heap), { signal })
      return probedCapabilities(host, line)
    },
    async prepare({ bytes, seed, directory }, onBytes, signal) {
      const path = posix.join(directory ?? host.directory, generatedName(bytes, seed))
      const command = prepareCommand(path, bytes, seed)
      const prepared = await agent.run(command, { signal, onLine: forwardBytes(onBytes) })
      return { path: prepared.path, bytes: prepared.bytes, content: { from: 'seed', seed } }
    },
    async adopt(path, onBytes, signal) {
      return inspect(await host.bringFile(path, onBytes, signal), signal)
    },
    inspect,
    async ceiling({ path, bytes }, signal) {
      const { v: _, type: __, ...ceiling } = await agent.run(ceilingCommand(path, bytes), { signal })
      return { ...ceiling, simulated: false }
    },
    measure: (load, signal) => measure(agent, load, signal),
    startPressure: (bytes, signal) => startPressure(agent, bytes, signal),
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

/** No load has more: those of each gather (allocated, read, copied, waited for), then those of the whole. */
function mostSpans({ bytes, gatherBytes }: Load): number {
  return Math.ceil(bytes / gatherBytes) * spansPerGather + spansOfWhole
}
const spansPerGather = 8
const spansOfWhole = 256

async function startPressure(agent: Agent, bytes: number, signal: AbortSignal): Promise<Pressure> {
  const session = await agent.hold(pressureCommand(bytes), { signal })
  let isHeld = true
  void session.over().then(() => {
    isHeld = false
  })
  return {
    async stop() {
      const endedEarly = !isHeld
      await session.stop()
      if (endedEarly) {
        fail(
          'no-memory',
          'the pressure process ended before the run did',
          'The kernel may have killed it for lack of memory. Choose less pressure.',
        )
      }
    },
  }
}
