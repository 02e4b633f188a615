import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Span } from '../../../contract/sample.ts'
import { protocolVersion, sampleLineSchema, spanLineSchema } from '../../../engine/agent/lines.ts'
import { type PhaseTimes, phaseTimes } from '../../../findings/phaseTimes.ts'

/** Runs the real agent for the tests of this folder; the prefix is an emulator, or adb with a device. */
export type AgentCommand = {
  binary: string
  prefix?: readonly string[]
  env?: NodeJS.ProcessEnv
  /** An emulator's process may stay behind with the pipes open; so long after the agent's end it is left to itself. */
  lingerMs?: number
}

export const lineSchema = z.looseObject({ v: z.literal(protocolVersion), type: z.string() })
export type Line = z.infer<typeof lineSchema>

export type AgentRun = { code: number | null; lines: Line[]; stderr: string }
export type AgentProcess = ChildProcessByStdio<Writable, Readable, Readable>

export function startAgent(command: AgentCommand, words: readonly string[]): AgentProcess {
  const [program = command.binary, ...rest] = [...(command.prefix ?? []), command.binary]
  return spawn(program, [...rest, ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: command.env ?? process.env,
  })
}

/** Runs one command to its end, its standard input open all the while. */
export async function runAgent(command: AgentCommand, words: readonly string[]): Promise<AgentRun> {
  const child = startAgent(command, words)
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text))
  const closed = once(child, 'close')
  if (command.lingerMs !== undefined) {
    await once(child, 'exit')
    await Promise.race([closed, sleep(command.lingerMs)])
  } else await closed
  const texts = written.stdout.split('\n')
  const lines = texts.filter(text => text !== '').map(text => lineSchema.parse(JSON.parse(text)))
  return { code: child.exitCode, lines, stderr: written.stderr }
}

export function lastLine(run: AgentRun): Line {
  const line = run.lines.at(-1)
  if (line === undefined) throw new Error(`the agent wrote nothing (exit ${run.code}): ${run.stderr}`)
  return line
}

export type MeasuredSample = z.infer<typeof sampleLineSchema> & PhaseTimes

/** What a `measure` told: its spans, and the sample with the times that they add up to. */
export function sampleOf(run: AgentRun): { sample: MeasuredSample; spans: Span[] } {
  const spans = run.lines.filter(({ type }) => type === 'span').map(line => spanLineSchema.parse(line))
  const sample = sampleLineSchema.parse(lastLine(run))
  return { sample: { ...sample, ...phaseTimes(spans, sample.firstGatherNs) }, spans }
}

/** `{path, bytes}` as `--path … --bytes …`. */
export function optionWords(options: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
}
