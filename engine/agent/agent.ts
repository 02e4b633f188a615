import type { AgentCommand } from './commands.ts'
import type { LineOf, LineType } from './lines.ts'
import { AgentSession, type Conversation } from './session.ts'
import type { StartAgent } from './transport.ts'

/**
 * The agent of one target. It is started by the first command and serves the next ones too, so that over adb a command
 * costs one line each way. One that failed is ended, and the command after it starts another.
 */
export class Agent {
  readonly #start: StartAgent
  #idle: AgentSession | null = null

  constructor(start: StartAgent) {
    this.#start = start
  }

  /** Runs one command to its end and returns its closing line. */
  async run<T extends LineType>(command: AgentCommand<T>, conversation: Conversation): Promise<LineOf<T>> {
    const session = await this.#take()
    try {
      const line = await session.begin(command, conversation)
      await session.finish()
      await this.#keep(session)
      return line
    } catch (thrown) {
      await session.stop()
      throw thrown
    }
  }

  /** Begins a command that lasts until its session is stopped, beside whatever else the agent does. */
  async hold<T extends LineType>(
    command: AgentCommand<T>,
    conversation: Conversation,
  ): Promise<AgentSession> {
    const session = await this.#take()
    try {
      await session.begin(command, conversation)
      return session
    } catch (thrown) {
      await session.stop()
      throw thrown
    }
  }

  /** Ends the agent, unless it is at work. */
  async close(): Promise<void> {
    const session = this.#idle
    this.#idle = null
    await session?.stop()
  }

  async #take(): Promise<AgentSession> {
    const session = this.#idle
    this.#idle = null
    return session === null || session.ended ? new AgentSession(await this.#start()) : session
  }

  /** Two commands at once have an agent each; one is enough afterwards. */
  async #keep(session: AgentSession): Promise<void> {
    await this.close()
    this.#idle = session
  }
}
