import { setTimeout as delay } from 'node:timers/promises'
import type { AgentTalk } from '../../contract/engine.ts'
import { fail, LabFailure, reasonOf } from '../../contract/error.ts'
import type { AgentCommand } from './commands.ts'
import { LineSplitter } from './lineSplitter.ts'
import { type AgentLine, agentLineSchema, type LineOf, type LineType, protocolVersion } from './lines.ts'
import { StderrTail } from './stderrTail.ts'
import { tellTalk } from './talk.ts'
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

/** Tells the agents of this process apart in the log. */
let lastAgent = 0

/** How one command is waited for. */
export type Conversation = {
  readonly signal: AbortSignal
  /** Gets every line before the closing one. */
  readonly onLine?: (line: AgentLine) => void
}

/**
 * The lab's side of one serving agent, which runs one command at a time. Failures are `LabFailure`s: what the agent
 * itself reports with its kind, `agent-protocol` for lines it must not write, `agent-failed` for an end without the
 * closing line or for silence, `target-lost` from the carrier, `cancelled` once the signal is aborted. After a failure
 * it can only be stopped.
 */
export class AgentSession {
  readonly #transport: AgentTransport
  readonly #agent = ++lastAgent
  readonly #lines: AsyncGenerator<AgentLine>
  readonly #stderr = new StderrTail()
  readonly #stderrRead: Promise<void>
  /** Of the command at work. An agent that says nothing for longer is taken for stuck. */
  #silenceLimitMs = 0
  #signal = new AbortController().signal
  #ended = false

  constructor(transport: AgentTransport) {
    this.#transport = transport
    this.#tell('started', '')
    this.#stderrRead = this.#stderr.collect(transport.stderr, text => this.#tell('stderr', text))
    this.#lines = this.#parsedLines()
    const onEnd = () => {
      this.#ended = true
    }
    transport.exit.then(onEnd, onEnd)
    transport.exit.then(
      ({ code, signal }) => this.#tell('ended', signal === null ? `code ${code}` : signal),
      (thrown: unknown) => this.#tell('ended', reasonOf(thrown)),
    )
  }

  /** The agent is gone, or out of reach. */
  get ended(): boolean {
    return this.#ended
  }

  /** Asks for a command and reads to its closing line. */
  async begin<T extends LineType>(command: AgentCommand<T>, conversation: Conversation): Promise<LineOf<T>> {
    this.#signal = conversation.signal
    this.#silenceLimitMs = command.silenceLimitMs
    this.#stderr.forget()
    const words = JSON.stringify(command.args)
    this.#tell('to', words)
    this.#transport.write(`${words}\n`)
    return this.#until(command.closing, conversation.onLine ?? (() => {}))
  }

  /** Waits until the command's process has ended, which it must do well and with nothing more to say. */
  async finish(): Promise<void> {
    const line = await this.#until('exit', ({ type }) =>
      fail('agent-protocol', `the agent wrote on after its closing line: ${type}`, 'Rebuild the agent.'),
    )
    if (line.code !== 0) await this.#failAtEnd('it ended badly after its closing line', line)
  }

  /** Hands on every line of a command that lasts. Resolves once it is over, however that came. */
  async hear(onLine: (line: AgentLine) => void): Promise<void> {
    try {
      for await (const line of this.#lines) {
        if (line.type === 'exit') return
        onLine(line)
      }
    } catch {
      // What ended it is of no interest here: it does not last any more.
    }
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

  #tell(what: AgentTalk['what'], text: string): void {
    tellTalk({ agent: this.#agent, what, text })
  }

  /** Reads on to the first line of that type, and hands every line before it to `onLine`. */
  async #until<T extends LineType>(type: T, onLine: (line: AgentLine) => void): Promise<LineOf<T>> {
    const isWanted = (line: AgentLine): line is LineOf<T> => line.type === type
    for (;;) {
      const next = await this.#raced(this.#lines.next())
      const how = `it ended without a line of type ${type}`
      if (next.done === true) return this.#failAtEnd(how)
      const line = next.value
      if (isWanted(line)) return line
      if (line.type === 'exit') return this.#failAtEnd(how, line)
      if (line.type === 'error') fail(line.kind, line.message, line.hint)
      onLine(line)
    }
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
      for (const text of splitter.push(chunk)) {
        if (!isHeartbeat(text)) this.#tell('from', text)
        yield parseLine(text)
      }
    }
    if (splitter.rest !== '') {
      await this.#failAtEnd(`it ended in the middle of a line: ${splitter.rest.slice(0, 200)}`)
    }
  }

  /** `known`: how the process of the command ended, where the one that serves it told. */
  async #failAtEnd(how: string, known?: AgentExit): Promise<never> {
    // What it said last is known when all of it has ended.
    this.#transport.closeStdin()
    const exit = known ?? (await this.#raced(this.#transport.exit))
    await this.#raced(this.#stderrRead)
    const words = this.#stderr.lastLines
    const told = words === '' ? '' : `; it said: ${words}`
    if (exit.signal !== null) {
      const cause = signalCauses[exit.signal] ?? ''
      const message = `the agent was ended by ${exit.signal}${cause}${told}`
      return fail('agent-failed', message, signalHint(exit.signal))
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

/** Ten a second of these would bury the rest of the log. */
function isHeartbeat(text: string): boolean {
  return text.includes('"type":"held"')
}

/** Who sends it, where that is no fault of the agent. It stands with a sample, too, which has no hint. */
const signalCauses: Partial<Record<string, string>> = {
  SIGKILL: ', as the kernel does when memory runs out, of the machine or of a control group',
}

/** What to do about a signal that did not come from the lab. */
const signalHints: Partial<Record<string, string>> = {
  SIGKILL: 'Choose a smaller size, free memory, or raise the limit of the control group; see the kernel log.',
  SIGXCPU: 'Raise the limit on processor time (ulimit -t), or choose smaller sizes.',
  SIGXFSZ: 'Raise the limit on the size of files (ulimit -f), or choose smaller sizes.',
  SIGBUS: 'A file that shrinks, or memory that runs out below a mapping, does this. Look at the kernel log.',
  SIGTERM: 'Somebody ended it. Run it again.',
  SIGHUP: 'Somebody ended it. Run it again.',
  SIGINT: 'Somebody ended it. Run it again.',
}

function signalHint(signal: string): string {
  return signalHints[signal] ?? 'Please report it with the kernel log.'
}
