/** How an agent ended. `code` is `null` where a signal ended it. */
export type AgentExit = { readonly code: number | null; readonly signal: string | null }

/**
 * One running agent that serves requests, whatever carries it: a child process or a shell on a device.
 * `exit` rejects with a `LabFailure` where the carrier itself is gone (`target-lost`) or could not start.
 */
export type AgentTransport = {
  readonly stdout: AsyncIterable<Uint8Array>
  readonly stderr: AsyncIterable<Uint8Array>
  readonly exit: Promise<AgentExit>
  /** To its standard input; lost where the agent is gone. */
  readonly write: (text: string) => void
  /** Ends standard input, upon which the agent cleans up and dies. */
  readonly closeStdin: () => void
  /** For an agent that does not die by itself. */
  readonly kill: () => void
}

/** Starts the agent, to serve requests. */
export type StartAgent = () => Promise<AgentTransport>
