import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, chromium, _electron as electron, type Page } from '@playwright/test'
import { startHostedShell } from './hostedShell.ts'

const root = join(import.meta.dirname, '..')
const electronFolder = join(root, 'node_modules', 'electron')

/** One opened lab, in whichever shell the project names, over a data folder of its own. */
export type OpenLab = {
  readonly page: Page
  readonly dataFolder: string
  readonly shell: 'hosted' | 'electron'
  /** The process that serves the page; `null` in the desktop shell, which is its own. */
  readonly serverPid: number | null
  /** Errors the page reported. A test ends with none; one that provokes some takes them out. */
  readonly faults: string[]
}

function electronProgram(): string | null {
  const pathFile = join(electronFolder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const program = join(electronFolder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(program) ? program : null
}

type Opened = Pick<OpenLab, 'page' | 'serverPid'> & { readonly close: () => Promise<void> }

async function openHosted(dataFolder: string, environment: NodeJS.ProcessEnv): Promise<Opened> {
  const shell = await startHostedShell(dataFolder, environment)
  const browser = await chromium.launch({
    executablePath: process.env.DMABUF_LAB_CHROMIUM ?? '/usr/bin/chromium',
    // Chromium refuses its own sandbox to root; the pages are ours.
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
    ],
  })
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.goto(shell.url)
  return {
    page,
    serverPid: shell.pid,
    close: async () => {
      await browser.close()
      await shell.close()
    },
  }
}

async function openElectron(
  program: string,
  dataFolder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Opened> {
  const env = Object.entries({ ...process.env, DMABUF_LAB_HOME: dataFolder, ...environment })
  const app = await electron.launch({
    executablePath: program,
    args: [root],
    env: Object.fromEntries(env.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  })
  return { page: await app.firstWindow(), serverPid: null, close: () => app.close() }
}

type Shell = { readonly name: OpenLab['shell']; readonly program: string | null }

type Fixtures = {
  /** The shell that the project names; skips the test where it is not on this machine. */
  shell: Shell
  /** Of the lab, beside this process's own. */
  environment: NodeJS.ProcessEnv
  lab: OpenLab
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form
  shell: async ({}, use, info) => {
    const name = info.project.name === 'electron' ? 'electron' : 'hosted'
    const program = name === 'electron' ? electronProgram() : null
    test.skip(name === 'electron' && program === null, "Electron's runtime is not on this machine")
    await use({ name, program })
  },
  environment: [{}, { option: true }],
  lab: async ({ shell: { name, program }, environment }, use) => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-e2e-'))
    const opened =
      program === null
        ? await openHosted(dataFolder, environment)
        : await openElectron(program, dataFolder, environment)
    const faults: string[] = []
    opened.page.on('pageerror', error => faults.push(error.message))
    opened.page.on('console', message => {
      if (message.type() === 'error') faults.push(message.text())
    })
    const { page, serverPid } = opened
    await use({ page, serverPid, dataFolder, shell: name, faults })
    await opened.close()
    rmSync(dataFolder, { recursive: true, force: true })
    test.expect(faults, 'errors in the page').toEqual([])
  },
})

export const expect = test.expect
