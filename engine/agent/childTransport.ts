import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fail, reasonOf } from '../../contract/error.ts'
import type { AgentExit, AgentTransport } from './transport.ts'

/**
 * Runs the agent as a child process. It dies with this process: its standard input is then closed.
 * @throws LabFailure `agent-failed` where the program cannot be started.
 */
export async function startChild(program: string, args: readonly string[]): Promise<AgentTransport> {
  const child = begin(program, args)
  const exited = Promise.withResolvers<AgentExit>()
  child.once('exit', (code, signal) => exited.resolve({ code, signal }))
  // The agent may be gone before its input is closed.
  child.stdin.on('error', () => {})
  try {
    await once(child, 'spawn')
  } catch (cause) {
    notStarted(cause)
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

/** Some failures come as an event and some as a throw: ENOTDIR for a program inside an archive, E2BIG. */
function begin(program: string, args: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> {
  try {
    // A session of its own: Ctrl-C in the lab's terminal is for the lab to answer.
    return spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  } catch (cause) {
    return notStarted(cause)
  }
}

function notStarted(cause: unknown): never {
  const reason = reasonOf(cause)
  fail('agent-failed', `the agent cannot be started: ${reason}`, 'Build the agent for this machine.', cause)
}
