import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fail, reasonOf } from '../../contract/error.ts'
import type { AgentExit, AgentTransport } from './transport.ts'

/**
 * Runs the agent as a child process. It dies with this process: its standard input is then closed.
 * @throws LabFailure `agent-failed` where the program cannot be started.
 */
export async function startChild(program: string, args: readonly string[]): Promise<AgentTransport> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const exited = Promise.withResolvers<AgentExit>()
  child.once('exit', (code, signal) => exited.resolve({ code, signal }))
  // The agent may be gone before its input is closed.
  child.stdin.on('error', () => {})
  try {
    await once(child, 'spawn')
  } catch (cause) {
    const reason = reasonOf(cause)
    fail('agent-failed', `the agent cannot be started: ${reason}`, 'Build the agent for this machine.', cause)
  }
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    exit: exited.promise,
    write: text => void child.stdin.write(text),
    closeStdin: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
  }
}
