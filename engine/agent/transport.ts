/** How an agent ended. `code` is `null` where a signal ended it. */
export type AgentExit = { readonly code: number | null; readonly signal: string | null }

/**
 * One running agent, whatever carries it: a child process or a shell on a device.
 * `exit` rejects with a `LabFailure` where the carrier itself is gone (`target-lost`) or could not start.
 */
export type AgentTransport = {
  readonly stdout: AsyncIterable<Uint8Array>
  readonly stderr: AsyncIterable<Uint8Array>
  readonly exit: Promise<AgentExit>
  /** Ends standard input, upon which the agent cleans up and dies. */
  readonly closeStdin: () => void
  /** For an agent that does not die by itself. */
  readonly kill: () => void
}

/** Starts the agent with a command and its options. */
export type StartAgent = (args: readonly string[]) => Promise<AgentTransport>
