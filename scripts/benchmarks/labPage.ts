import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { type HostedProgram, startHostedShell } from '../../e2e/hostedShell.ts'
import { root } from './agent.ts'

export type LabPage = {
  readonly browser: Browser
  readonly page: Page
  readonly serverPid: number
  readonly close: () => Promise<void>
}

/** The interface as it is in the tree, built. */
export function buildInterface(): void {
  const bundler = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  execFileSync(process.execPath, [bundler, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
}

/** The hosted shell over the data folder `home`, open in a real Chromium that draws in software. */
export async function openLabPage(home: string, { env = {}, program }: HostedProgram = {}): Promise<LabPage> {
  const shell = await startHostedShell(home, env, program)
  const browser = await chromium.launch({
    executablePath: process.env.DMABUF_LAB_CHROMIUM ?? '/usr/bin/chromium',
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-background-networking'],
  })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(shell.url)
  return {
    browser,
    page,
    serverPid: shell.pid,
    close: async () => {
      await browser.close()
      await shell.close()
    },
  }
}
