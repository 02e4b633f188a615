import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, test as base, chromium, _electron as electron, type Page } from '@playwright/test'
import { chromiumProgram } from '../scripts/chromiumProgram.ts'
import { electronProgram } from '../scripts/electronProgram.ts'
import { pageAnnotation } from '../scripts/playwrightTally.ts'
import { DesktopStandIn } from './desktopStandIn.ts'
import { startHostedShell } from './hostedShell.ts'

const root = join(import.meta.dirname, '..')

/** The projects of playwright.config.ts. `desktop stand-in` is the built desktop shell under no Electron. */
export const shellNames = ['hosted', 'desktop stand-in', 'electron'] as const
export type ShellName = (typeof shellNames)[number]

/** One opened lab, in whichever shell the project names, over a data folder of its own. */
export type OpenLab = {
  readonly page: Page
  readonly dataFolder: string
  readonly shell: ShellName
  /** The process that serves the page; `null` in the desktop shell, which is its own. */
  readonly serverPid: number | null
  /** The stand-in under the desktop shell, where that is the shell. */
  readonly standIn: DesktopStandIn | null
  /** Lets the next dialog that asks where to save an export answer with this file; `null` where a browser saves it. */
  readonly saveTo: ((file: string) => Promise<void>) | null
  /** Errors the page reported. A test ends with none; one that provokes some takes them out. */
  readonly faults: string[]
}

type Opened = Pick<OpenLab, 'page' | 'serverPid' | 'standIn' | 'saveTo'> & {
  readonly close: () => Promise<void>
}

function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumProgram(),
    // Chromium refuses its own sandbox to root; the pages are ours.
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
    ],
  })
}

/** In a context of its own, which shares nothing with others of the browser. */
async function openHosted(
  browser: Browser,
  dataFolder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Opened> {
  const shell = await startHostedShell(dataFolder, environment)
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.goto(shell.url)
  return {
    page,
    serverPid: shell.pid,
    standIn: null,
    saveTo: null,
    close: async () => {
      await context.close()
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
  return {
    page: await app.firstWindow(),
    serverPid: null,
    standIn: null,
    saveTo: file =>
      app.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = async () => ({ canceled: false, filePath })
      }, file),
    close: () => app.close(),
  }
}

async function openStandIn(dataFolder: string, environment: NodeJS.ProcessEnv): Promise<Opened> {
  const standIn = new DesktopStandIn({ dataFolder, environment })
  try {
    const { page, disconnect } = await standIn.firstWindow()
    await page.setViewportSize({ width: 1280, height: 800 })
    return {
      page,
      serverPid: null,
      standIn,
      saveTo: async file => {
        standIn.answer = ({ dialog }) => (dialog === 'save' ? file : undefined)
      },
      close: async () => {
        await standIn.quit()
        await disconnect().catch(() => {})
        standIn.kill()
      },
    }
  } catch (thrown) {
    standIn.kill()
    throw thrown
  }
}

type Shell = { readonly name: ShellName; readonly program: string | null }
type Browsing = () => Promise<Browser>

async function open(
  { name, program }: Shell,
  browsing: Browsing,
  dataFolder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Opened> {
  if (name === 'desktop stand-in') return openStandIn(dataFolder, environment)
  return program === null
    ? openHosted(await browsing(), dataFolder, environment)
    : openElectron(program, dataFolder, environment)
}

const labsByPage = new WeakMap<Page, OpenLab>()

/** The lab that a page belongs to. */
export function labOf(page: Page): OpenLab {
  const lab = labsByPage.get(page)
  if (lab === undefined) throw new Error('the page belongs to no lab')
  return lab
}

/** What a person would see first on a page: its heading, what is told and what is wrong. */
async function toldBy(page: Page): Promise<string> {
  const told = page.locator('h1, [role=alert], [role=status]')
  const lines = await told.allInnerTexts().catch(() => ['the page is gone'])
  return `the page said ${JSON.stringify(lines.map(line => line.slice(0, 200)).filter(Boolean))}`
}

type Fixtures = {
  /** The shell that the project names; skips the test where it is not on this machine. */
  shell: Shell
  /** Of the lab, beside this process's own. */
  environment: NodeJS.ProcessEnv
  lab: OpenLab
}

type WorkerFixtures = {
  /** The browser of all tests of a worker, started by the first that asks: a start costs more than most tests. */
  browsing: Browsing
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  browsing: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form
    async ({}, use) => {
      const started: Promise<Browser>[] = []
      await use(() => {
        const browser = started[0] ?? launchBrowser()
        started[0] = browser
        return browser
      })
      for (const browser of started) await (await browser).close()
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form
  shell: async ({}, use, info) => {
    const name = shellNames.find(each => each === info.project.name) ?? 'hosted'
    const program = name === 'electron' ? electronProgram() : null
    test.skip(name === 'electron' && program === null, "Electron's runtime is not on this machine")
    await use({ name, program })
  },
  environment: [{}, { option: true }],
  lab: async ({ shell, browsing, environment }, use, info) => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-e2e-'))
    const opened = await open(shell, browsing, dataFolder, environment)
    const faults: string[] = []
    opened.page.on('pageerror', error => faults.push(error.message))
    opened.page.on('console', message => {
      if (message.type() === 'error') faults.push(message.text())
    })
    const { page, serverPid, standIn, saveTo } = opened
    const lab: OpenLab = { page, serverPid, standIn, saveTo, dataFolder, shell: shell.name, faults }
    labsByPage.set(page, lab)
    await use(lab)
    if (info.status !== info.expectedStatus) {
      const description = page.isClosed() ? (standIn?.stderr ?? 'the page is closed') : await toldBy(page)
      info.annotations.push({ type: pageAnnotation, description })
    }
    await opened.close()
    rmSync(dataFolder, { recursive: true, force: true })
    test.expect(faults, 'errors in the page').toEqual([])
  },
})

export const expect = test.expect
