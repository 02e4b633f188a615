import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type ExportedRun, exportedRunSchema } from '../../contract/run.ts'
import { MiB } from '../../contract/size.ts'
import { root } from './agent.ts'

export type TerminalRun = {
  /** Options of `npm run lab -- run`. */
  readonly options: readonly string[]
  /** Data folder of the lab. */
  readonly home: string
  readonly environment?: NodeJS.ProcessEnv
  /** Without progress on stderr: a simulated run has thousands of samples in seconds. */
  readonly silent?: boolean
}

/**
 * One run through the terminal shell: plan, engine, agent, store, export. Progress goes to stderr.
 * @throws Error when the run does not finish with every sample ok or unsupported.
 */
export function terminalRun({ options, home, environment = {}, silent = false }: TerminalRun): ExportedRun {
  const command = [join(root, 'main', 'cli', 'index.ts'), 'run', ...options, '--json']
  const done = spawnSync(process.execPath, command, {
    env: { ...process.env, ...environment, DMABUF_LAB_HOME: home },
    stdio: ['ignore', 'pipe', silent ? 'ignore' : 'inherit'],
    maxBuffer: 1024 * MiB,
    encoding: 'utf8',
  })
  if (done.status !== 0) throw new Error(`the run ended with exit code ${done.status}`)
  return exportedRunSchema.parse(JSON.parse(done.stdout))
}
