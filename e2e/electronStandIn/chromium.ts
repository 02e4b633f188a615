import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromiumProgram } from '../../scripts/chromiumProgram.ts'
import { DebuggingProtocol } from './cdp.ts'

export type Chromium = {
  readonly protocol: DebuggingProtocol
  /** Where others can speak the debugging protocol with it. */
  readonly endpoint: string
  readonly process: ChildProcess
}

/** Starts Debian's Chromium without a window of its own, over a profile in `folder`; it ends with this process. */
export async function startChromium(folder: string): Promise<Chromium> {
  const profile = join(folder, 'chromium')
  mkdirSync(profile, { recursive: true })
  const child = spawn(
    chromiumProgram(),
    [
      '--headless=new',
      '--no-startup-window',
      '--no-first-run',
      '--no-default-browser-check',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Chromium refuses its own sandbox to root; the pages are ours.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  process.on('exit', () => child.kill('SIGKILL'))
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  createInterface({ input: child.stderr }).on('line', line => {
    const found = /^DevTools listening on (\S+)$/.exec(line)?.[1]
    if (found !== undefined) resolve(found)
  })
  child.once('error', reject)
  child.once('exit', code => reject(new Error(`Chromium ended with code ${code}`)))
  const endpoint = await promise
  return { protocol: await DebuggingProtocol.connect(endpoint), endpoint, process: child }
}
