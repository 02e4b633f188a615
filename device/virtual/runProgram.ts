import { spawn } from 'node:child_process'
import { fail } from '../../contract/error.ts'

export type ProgramOptions = { env?: NodeJS.ProcessEnv; input?: string; cwd?: string; timeoutMs?: number }
export type ProgramResult = { exitCode: number | null; stdout: Buffer; stderr: string }

const LAST_LINES = 5

/** Runs a program to its end and gives whatever it answered. No shell is involved. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A program that does not read its input is no failure of ours.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    child.on('error', reject)
    child.on('close', exitCode =>
      resolve({ exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') }),
    )
  })
}

/**
 * Runs a program that has to succeed.
 * @throws LabFailure `target-unavailable` with the end of its error output.
 */
export async function runOrFail(
  file: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const result = await runProgram(file, args, options).catch((cause: unknown) =>
    fail('target-unavailable', `cannot run ${file}`, 'Check that the program is installed.', cause),
  )
  if (result.exitCode === 0) return result.stdout.toString('utf8')
  const lines = result.stderr.trim().split('\n').slice(-LAST_LINES).join('\n')
  fail(
    'target-unavailable',
    `${file} ${args.join(' ')} ended with ${result.exitCode ?? 'a signal'}: ${lines}`,
    'See the message of the program.',
  )
}
