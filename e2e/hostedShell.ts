import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '..')

export type HostedShell = { readonly url: string; readonly pid: number; close(): Promise<void> }

/** What stands in for the terminal's program, with what it needs in its environment. */
export type HostedProgram = { readonly env?: NodeJS.ProcessEnv; readonly program?: string }

/** Starts the hosted shell as `npm run lab -- serve` does, on a free port, over the given data folder. */
export async function startHostedShell(
  dataFolder: string,
  env: NodeJS.ProcessEnv = {},
  program = 'main/cli/index.ts',
): Promise<HostedShell> {
  const child = spawn(process.execPath, [join(root, program), 'serve', '--no-open', '--port', '0'], {
    env: { ...process.env, DMABUF_LAB_HOME: dataFolder, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      const found = /http:\/\/127\.0\.0\.1:\S+/.exec(line)?.[0]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', code => reject(new Error(`the hosted shell ended with exit code ${code}`)))
  })
  const close = async () => {
    child.kill('SIGTERM')
    await gone
  }
  return { url, pid: child.pid ?? 0, close }
}
