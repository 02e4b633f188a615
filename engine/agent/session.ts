import { setTimeout as delay } from 'node:timers/promises'
import { fail, LabFailure } from '../../contract/error.ts'
import { LineSplitter } from './lineSplitter.ts'
import { type AgentLine, agentLineSchema, type LineOf, type LineType, protocolVersion } from './lines.ts'
import { StderrTail } from './stderrTail.ts'
import type { AgentExit, AgentTransport } from './transport.ts'

/** After its standard input closed, an agent has this long to clean up before it is killed. */
const graceMs = 120

function cancelled(): LabFailure {
  return new LabFailure({ kind: 'cancelled', message: 'cancelled', hint: '' })
}

function parseLine(text: string): AgentLine {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    fail('agent-protocol', `the agent wrote a line that is not JSON: ${shown}`, 'Rebuild the agent.', cause)
  }
  if (typeof json === 'object' && json !== null && 'v' in json && json.v !== protocolVersion) {
    fail(
      'agent-protocol',
      `the agent speaks version ${String(json.v)} of the protocol, the lab version ${protocolVersion}`,
      'Rebuild the agent from the same release as the lab.',
    )
  }
  const parsed = agentLineSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue === undefined ? '' : `${issue.path.map(String).join('.')}: ${issue.message}`
  return fail('agent-protocol', `the agent wrote an unknown line (${where}): ${shown}`, 'Rebuild the agent.')
}

/**
 * The lab's side of one agent process. Failures are `LabFailure`s: what the agent itself reports with its kind,
 * `agent-protocol` for lines it must not write, `agent-failed` for an exit without its closing line or for silence,
 * `target-lost` from the carrier, `cancelled` once the signal is aborted.
 */
export class AgentSession {
  readonly #transport: AgentTransport
  readonly #lines: AsyncGenerator<AgentLine>
  readonly #stderr = new StderrTail()
  readonly #stderrRead: Promise<void>
  readonly #signal: AbortSignal
  readonly #silenceLimitMs: number
  #ended = false

  /** `silenceLimitMs`: an agent that says nothing for longer is taken for stuck. */
  constructor(transport: AgentTransport, silenceLimitMs: number, signal: AbortSignal) {
    this.#transport = transport
    this.#silenceLimitMs = silenceLimitMs
    this.#signal = signal
    this.#stderrRead = this.#stderr.collect(transport.stderr)
    this.#lines = this.#parsedLines()
    const onEnd = () => {
      this.#ended = true
    }
    transport.exit.then(onEnd, onEnd)
  }

  /** The agent is gone, or out of reach. */
  get ended(): boolean {
    return this.#ended
  }

  /** Reads on to the first line of that type, and hands every line before it to `onLine`. */
  async until<T extends LineType>(type: T, onLine: (line: AgentLine) => void): Promise<LineOf<T>> {
    const isWanted = (line: AgentLine): line is LineOf<T> => line.type === type
    for (;;) {
      const next = await this.#raced(this.#lines.next())
      if (next.done === true) return this.#failAtEnd(`it ended without a line of type ${type}`)
      const line = next.value
      if (isWanted(line)) return line
      if (line.type === 'error') fail(line.kind, line.message, line.hint)
      onLine(line)
    }
  }

  /** Waits until the agent is gone, which it must be by itself and with nothing more to say. */
  async end(): Promise<void> {
    const next = await this.#raced(this.#lines.next())
    if (next.done !== true) {
      fail(
        'agent-protocol',
        `the agent wrote on after its closing line: ${next.value.type}`,
        'Rebuild the agent.',
      )
    }
    const exit = await this.#raced(this.#transport.exit)
    if (exit.code !== 0) await this.#failAtEnd('it ended badly after its closing line', exit)
  }

  /** Ends the agent, gently first. Safe at any time, any number of times. */
  async stop(): Promise<void> {
    this.#transport.closeStdin()
    const gone = this.#transport.exit.then(
      () => true,
      () => true,
    )
    const late = new AbortController()
    const timedOut = delay(graceMs, false, { signal: late.signal }).catch(() => false)
    if (!(await Promise.race([gone, timedOut]))) this.#transport.kill()
    late.abort()
    // Lets go of output that nobody will read.
    this.#lines.return(undefined).catch(() => {})
  }

  /** A stream that breaks breaks with its carrier, whose exit says why. */
  async *#chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#transport.stdout
    } catch (thrown) {
      await this.#transport.exit
      throw thrown
    }
  }

  async *#parsedLines(): AsyncGenerator<AgentLine> {
    const splitter = new LineSplitter()
    for await (const chunk of this.#chunks()) {
      for (const text of splitter.push(chunk)) yield parseLine(text)
    }
    if (splitter.rest !== '') {
      await this.#failAtEnd(`it ended in the middle of a line: ${splitter.rest.slice(0, 200)}`)
    }
  }

  async #failAtEnd(how: string, known?: AgentExit): Promise<never> {
    const exit = known ?? (await this.#raced(this.#transport.exit))
    await this.#raced(this.#stderrRead)
    const words = this.#stderr.lastLines
    const told = words === '' ? '' : `; it said: ${words}`
    if (exit.signal !== null) {
      return fail('agent-failed', `the agent was ended by ${exit.signal}${told}`, signalHint(exit.signal))
    }
    if (exit.code !== 0) {
      return fail('agent-failed', `the agent exited with code ${exit.code}${told}`, 'Probe the target again.')
    }
    return fail('agent-protocol', `the agent broke its protocol: ${how}${told}`, 'Rebuild the agent.')
  }

  /** `work`, unless the run is cancelled or the agent stays silent for too long. */
  async #raced<R>(work: Promise<R>): Promise<R> {
    if (this.#signal.aborted) throw cancelled()
    const { promise: interruption, reject } = Promise.withResolvers<never>()
    const onAbort = () => reject(cancelled())
    const timer = setTimeout(() => {
      const seconds = Math.round(this.#silenceLimitMs / 1000)
      reject(
        new LabFailure({
          kind: 'agent-failed',
          message: `the agent said nothing for ${seconds} s`,
          hint: 'The storage may hang. Look at the kernel log, then run it again.',
        }),
      )
    }, this.#silenceLimitMs)
    this.#signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([work, interruption])
    } finally {
      clearTimeout(timer)
      this.#signal.removeEventListener('abort', onAbort)
    }
  }
}

function signalHint(signal: string): string {
  return signal === 'SIGKILL'
    ? 'The kernel kills a process when memory runs out. Choose a smaller size, or look at the kernel log.'
    : 'Please report it with the kernel log.'
}
