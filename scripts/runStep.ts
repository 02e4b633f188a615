import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { freePort } from '../device/virtual/freePort.ts'
import { chromiumProgram } from './chromiumProgram.ts'
import type { Step } from './suiteSteps.ts'
import { readTally, skippedStep, stepTally, type Tally } from './tally.ts'

const root = join(import.meta.dirname, '..')

export type StepResult = {
  readonly name: string
  readonly seconds: number
  readonly ok: boolean
  readonly tally: Tally
}

/**
 * Runs a step to its end. Each line of its output begins with its name, since others may run at the same time.
 * @param scratch a folder that it may use; removed by the caller.
 */
export async function runStep(step: Step, scratch: string): Promise<StepResult> {
  const { name } = step
  if (step.command === 'playwright' && !existsSync(chromiumProgram())) {
    const why = `no Chromium at ${chromiumProgram()}: apt-get install chromium-headless-shell, or set DMABUF_LAB_CHROMIUM`
    return { name, seconds: 0, ok: true, tally: skippedStep(name, why) }
  }
  console.log(`== ${name}`)
  const tallyFile = join(scratch, `${name.replaceAll(/\W+/g, '-')}.json`)
  // An adb server of its own, so that nobody's devices are touched and nothing is left behind.
  const adbPort = `${await freePort(null)}`
  const startedMs = performance.now()
  const exitCode = await runCommand(step, { DMABUF_LAB_TALLY: tallyFile, ANDROID_ADB_SERVER_PORT: adbPort })
  const seconds = (performance.now() - startedMs) / 1000
  await runToEnd('adb', ['-P', adbPort, 'kill-server'])
  const ok = exitCode === 0
  return { name, seconds, ok, tally: step.counts ? readTally(tallyFile, name, ok) : stepTally(name, ok) }
}

const running = new Set<ChildProcess>()

/** Passes a signal on to what runs now. A terminal does so by itself; who ends one process alone does not. */
export function signalSteps(signal: NodeJS.Signals): void {
  for (const child of running) child.kill(signal)
}

async function runCommand(
  { name, command, args, environment }: Step,
  more: NodeJS.ProcessEnv,
): Promise<number | null> {
  const program = command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', command)
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, ...more },
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  printLines(name, child.stdout)
  printLines(name, child.stderr)
  return exitCodeOf(child)
}

function printLines(name: string, stream: Readable): void {
  createInterface({ input: stream }).on('line', line => console.log(`${name} | ${line}`.trimEnd()))
}

/** Whatever becomes of it: without the program there is no server to end. */
async function runToEnd(program: string, args: readonly string[]): Promise<void> {
  await exitCodeOf(spawn(program, args, { stdio: 'ignore' }))
}

/** `null` for a program that is killed or cannot be started. */
function exitCodeOf(child: ChildProcess): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.once('error', () => resolve(null))
  child.once('close', resolve)
  return promise
}
