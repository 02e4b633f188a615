import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const run = promisify(execFile)
export const root = join(import.meta.dirname, '..', '..')
export const agentFile = join(
  root,
  'out',
  'agent',
  `dmabuf-lab-agent-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`,
)

/** Where benches keep their files: on a real disk, kept between runs so that only the first one writes them. */
export function benchFolder(): string {
  const folder = process.env.DMABUF_LAB_BENCH ?? join(tmpdir(), 'dmabuf-lab-bench')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Runs one agent command to its end and gives its closing line, parsed. */
export async function agent<T>(closing: z.ZodType<T>, args: readonly string[]): Promise<T> {
  const { stdout } = await run(agentFile, [...args], { maxBuffer: 64 * 1024 * 1024 })
  return closing.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''))
}

const preparedSchema = z.looseObject({ type: z.literal('prepared'), path: z.string() })

export async function prepareFile(bytes: number, seed: number): Promise<string> {
  const path = join(benchFolder(), `content-${bytes}-${seed}`)
  const prepared = await agent(preparedSchema, [
    'prepare',
    '--path',
    path,
    '--bytes',
    `${bytes}`,
    '--seed',
    `${seed}`,
  ])
  return prepared.path
}

const ceilingLineSchema = z.looseObject({ type: z.literal('ceiling'), bytesPerSecond: z.number().positive() })

export async function agentCeiling(
  path: string,
  bytes: number,
  blockBytes: number,
  depth: number,
): Promise<number> {
  const file = ['--path', path, '--bytes', `${bytes}`]
  const shape = ['--block', `${blockBytes}`, '--depth', `${depth}`]
  return (await agent(ceilingLineSchema, ['ceiling', ...file, ...shape])).bytesPerSecond
}

const fioSchema = z.looseObject({
  jobs: z.array(z.looseObject({ read: z.looseObject({ bw_bytes: z.number() }) })).min(1),
})

/** fio's sequential direct read of the same file, in bytes per second. */
export async function fioRead(path: string, blockBytes: number, depth: number): Promise<number> {
  const { stdout } = await run('fio', [
    '--name=ceiling',
    `--filename=${path}`,
    '--readonly',
    '--rw=read',
    '--direct=1',
    '--ioengine=libaio',
    `--bs=${blockBytes}`,
    `--iodepth=${depth}`,
    '--output-format=json',
  ])
  return fioSchema.parse(JSON.parse(stdout)).jobs[0]?.read.bw_bytes ?? Number.NaN
}
