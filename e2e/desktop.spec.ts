import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { descendantsOf, isProgram } from '../main/cli/fixtures/spawnLab.ts'
import { pageAnnotation } from '../scripts/playwrightTally.ts'
import { fillPlan, openView, runToEnd, startButton } from './benchPage.ts'
import { DesktopStandIn, type StandInLaunch } from './desktopStandIn.ts'
import { expect, test as labTest, type OpenLab } from './labTest.ts'

/** What the desktop shell does beside its page. Under the stand-in of Electron: none of it shows that Electron runs. */
const test = labTest.extend<{ desktop: OpenLab & { readonly standIn: DesktopStandIn } }>({
  desktop: async ({ lab }, use) => {
    const { standIn } = lab
    test.skip(standIn === null, 'it looks at what the shell asks of the platform, which the stand-in tells')
    if (standIn !== null) await use({ ...lab, standIn })
  },
})

const shortPlan = { schemes: ['memfd-direct'], sizes: ['1MiB'], repeats: 2 }
const longPlan = { schemes: ['memfd-buffered', 'memfd-direct'], sizes: ['16MiB'], repeats: 400 }
const screens =
  process.env.DMABUF_LAB_SCREENS === '1' ? join(import.meta.dirname, '..', 'docs', 'screens') : null

/** For docs/desktop.md: a run that has something to show, in both colours. */
async function keepScreens(page: Page, standIn: DesktopStandIn): Promise<void> {
  if (screens === null) return
  await expect(page.getByRole('progressbar', { name: 'Samples done' })).toHaveAttribute('value', /\d{3}/)
  for (const colours of ['light', 'dark']) {
    await standIn.clickMenu('View', 'Colours', colours)
    await expect(page.locator(`html[data-theme=${colours}]`)).toHaveCount(1)
    await page.screenshot({ path: join(screens, `desktop-stand-in-${colours}.png`) })
  }
}

async function startLong(page: Page): Promise<void> {
  await fillPlan(page, longPlan)
  await startButton(page).click()
  await expect(page.getByRole('progressbar', { name: 'Samples done' })).toHaveAttribute('value', /[1-9]/)
}

test('a run keeps the machine awake, shows in the task bar and the title, has marks, and is not quit unasked', async ({
  desktop: { page, standIn },
}) => {
  await startLong(page)
  await keepScreens(page, standIn)

  await test.step('it keeps the machine awake, and shows in the task bar and the title', async () => {
    const during = await standIn.look()
    expect(during.awake).toBe(1)
    expect(during.progress).toBeGreaterThan(0)
    await expect(page).toHaveTitle(/^\d+\/802 · Bench · dmabuf-lab$/)
  })

  await test.step('it has marks of what happened', async () => {
    standIn.order({ type: 'power', event: 'suspend' })
    standIn.order({ type: 'power', event: 'on-battery' })
    await expect(async () => {
      const marks = await page.evaluate(async () => {
        const outcome = await window.lab.runs.get({ runId: 1 })
        return outcome.ok ? outcome.value.samples.flatMap(sample => sample.marks) : []
      })
      expect(marks).toEqual(expect.arrayContaining(['machine slept', 'power changed']))
    }).toPass()
  })

  await test.step('closing the window asks, and keeps it where the person says so', async () => {
    standIn.answer = () => 0
    standIn.order({ type: 'window', event: 'close' })
    await expect.poll(() => standIn.questions.length).toBe(1)
    expect(standIn.questions[0]?.options).toMatchObject({
      message: 'A run is under way.',
      buttons: ['Keep measuring', 'Interrupt and quit'],
      cancelId: 0,
    })
    await expect(page.getByRole('button', { name: 'Cancel Esc' }).first()).toBeVisible()
  })

  await test.step('once it is cancelled, nothing keeps the machine awake', async () => {
    await page.keyboard.press('Escape')
    await expect(page.getByText(/^Run 1 cancelled/)).toBeVisible()
    await expect.poll(async () => (await standIn.look()).awake).toBe(0)
    expect((await standIn.look()).progress).toBe(-1)
  })

  await test.step('quitting during the next one interrupts it where the person says so', async () => {
    await startButton(page).click()
    await expect(page.getByRole('progressbar', { name: 'Samples done' })).toHaveAttribute('value', /[1-9]/)
    standIn.answer = () => 1
    standIn.order({ type: 'quit' })
    expect(await standIn.ended).toBe(0)
    expect(standIn.questions).toHaveLength(2)
  })
})

test('a page that crashes is loaded again, and an engine that is killed is told: the lab goes on', async ({
  desktop: { page, standIn, faults },
}) => {
  await startLong(page)
  const session = await page.context().newCDPSession(page)
  await session.send('Page.crash').catch(() => {})
  const { page: again, disconnect } = await pageAfterCrash(standIn)
  await expect(() => process.kill(measuringEngine(standIn), 'SIGKILL')).toPass()
  await expect(again.getByText(/^Run 1 interrupted: .*killed from outside/)).toBeVisible()
  await fillPlan(again, shortPlan)
  await runToEnd(again, 2)
  await disconnect()
  expect(standIn.questions).toEqual([])
  faults.splice(0)
})

/** The window's page once it shows how far the run is. */
async function pageAfterCrash(standIn: DesktopStandIn) {
  for (;;) {
    const found = await standIn.firstWindow()
    const progress = found.page.getByRole('progressbar', { name: 'Samples done' })
    try {
      await expect(progress).toHaveAttribute('value', /[1-9]/, { timeout: 10_000 })
      return found
    } catch {
      await found.disconnect()
    }
  }
}

/** The engine that has an agent just now: between two loads there may be none. */
function measuringEngine({ process: shell }: DesktopStandIn): number {
  const engines = descendantsOf(shell.pid ?? -1).filter(pid => isProgram(pid, 'engineWorker'))
  const measuring = engines.find(pid => descendantsOf(pid).length > 0)
  if (measuring === undefined) throw new Error('no engine has an agent')
  return measuring
}

test('menu, dialogs and drops do what the page can do, and the page what they can', async ({
  desktop: { page, standIn, dataFolder },
}) => {
  await fillPlan(page, shortPlan)
  await expect(startButton(page)).toBeEnabled()
  await standIn.clickMenu('Run', 'Start')
  await expect(page.getByText('Run 1 finished:')).toBeVisible()

  await test.step('an export is saved by the shell, and shown in its folder', async () => {
    await openView(page, 'Runs')
    await page.getByRole('link', { name: 'Run 1', exact: true }).click()
    standIn.answer = ({ dialog }) => (dialog === 'save' ? join(dataFolder, 'kept.json') : undefined)
    await standIn.clickMenu('File', 'Export the open run', 'json')
    await page.getByRole('button', { name: 'Show in folder' }).click()
    await expect
      .poll(async () => (await standIn.look()).shownInFolder)
      .toEqual([join(dataFolder, 'kept.json')])
    expect(standIn.questions.at(-1)?.options.defaultPath).toMatch(/dmabuf-lab-run-1-[0-9a-f]{8}\.json$/)
  })

  await test.step('a person who thinks better of it gets no file, and is told nothing', async () => {
    await page.reload()
    standIn.answer = () => undefined
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByRole('menuitem', { name: 'Samples as CSV' }).click()
    await expect.poll(() => standIn.questions.at(-1)?.options.defaultPath).toMatch(/\.csv$/)
    await expect(page.getByText(/is saved/)).toHaveCount(0)
  })

  await test.step('it comes back from a file, by menu and by a drop', async () => {
    await page.evaluate(() => window.lab.runs.delete({ runId: 1 }))
    standIn.answer = ({ dialog }) => (dialog === 'open' ? join(dataFolder, 'kept.json') : undefined)
    await standIn.clickMenu('File', 'Import a JSON export…')
    await expect(page.getByRole('heading', { level: 1, name: 'Run 2' })).toBeVisible()
    const own = join(dataFolder, 'model.bin')
    writeFileSync(own, Buffer.alloc(8192, 7))
    await dropFile(page, own)
    await expect(page.getByRole('heading', { level: 1, name: 'Bench' })).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Path of the file on the target' })).toHaveValue(own)
    expect((await standIn.look()).recentDocuments).toEqual([join(dataFolder, 'kept.json'), own])
  })

  await test.step('the desktop follows the colours of the page, and the page those of the menu', async () => {
    await standIn.clickMenu('View', 'Colours', 'dark')
    await expect(page.locator('html[data-theme=dark]')).toHaveCount(1)
    await expect.poll(async () => (await standIn.look()).themeSource).toBe('dark')
    await standIn.clickMenu('help', 'About dmabuf-lab')
    await expect.poll(() => standIn.questions.at(-1)?.options.detail).toMatch(/^dmabuf-lab \d.*\nElectron /)
  })
})

async function dropFile(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data })
  }
}

test('a page taken over opens nothing, goes nowhere, downloads nothing and names no file', async ({
  desktop: { page, standIn, faults },
}) => {
  await expect(page.getByRole('heading', { level: 1, name: 'Bench' })).toBeVisible()
  const home = page.url()
  const reached = await page.evaluate(async () => {
    window.open('https://example.invalid/')
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['x']))
    link.download = 'x.bin'
    link.click()
    const made = new DataTransfer()
    made.items.add(new File(['x'], 'etc-passwd.json'))
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: made }))
    const permission = await navigator.permissions.query({ name: 'geolocation' })
    return {
      permission: permission.state,
      electron: typeof Reflect.get(window, 'require') + typeof Reflect.get(window, 'process'),
      names: Object.keys(window.desktop ?? {}).toSorted(),
      frozen: Object.isFrozen(window.lab) && Object.isFrozen(window.desktop),
    }
  })
  expect(reached).toMatchObject({
    permission: 'denied',
    electron: 'undefinedundefined',
    names: [
      'chooseFile',
      'copyComparison',
      'copyRun',
      'onCommand',
      'saveComparison',
      'savePicture',
      'saveRun',
      'setTheme',
      'showSaved',
    ],
    frozen: true,
  })
  await page.evaluate(() => {
    window.location.href = 'https://example.invalid/'
  })
  await expect.poll(() => standIn.stderr).toMatch(/navigation was refused/)
  await expect.poll(() => standIn.stderr).toContain('a download was refused')
  expect(page.url()).toBe(home)
  await expect(page.getByRole('heading', { level: 1, name: 'Bench' })).toBeVisible()
  expect((await standIn.look()).sandboxed).toBe(true)
  expect(standIn.questions).toEqual([])
  faults.splice(0)
})

test.describe('starting', () => {
  let folder: string
  const started: DesktopStandIn[] = []
  const start = (launch: Partial<StandInLaunch> = {}) => {
    const standIn = new DesktopStandIn({ dataFolder: folder, ...launch })
    started.push(standIn)
    return standIn
  }
  // By itself, since a test that its shell skips is cleaned up after as well.
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-e2e-'))
  })
  test.beforeEach(({ shell }) => {
    test.skip(shell.name !== 'desktop stand-in', 'it looks at what the shell asks of the platform')
  })
  test.afterEach(() => {
    const { status, expectedStatus, annotations } = test.info()
    const said = started.map(({ stderr }) => stderr).join('\n')
    if (status !== expectedStatus) annotations.push({ type: pageAnnotation, description: said })
    for (const standIn of started.splice(0)) standIn.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  test('on Wayland, where a hidden window is given no frame, the window is shown all the same', async () => {
    const shownFile = join(folder, 'shown')
    const standIn = start({
      environment: { DMABUF_LAB_STAND_IN_WAYLAND: '1', DMABUF_LAB_SHOWN_FILE: shownFile },
    })
    await standIn.firstWindow()
    await expect.poll(async () => (await standIn.look()).visible).toBe(true)
    expect(readFileSync(shownFile, 'utf8')).toBe('shown')
  })

  test('a second start hands over what it was asked to open, and ends; another data folder is another lab', async () => {
    const first = start()
    const { page } = await first.firstWindow()
    const model = join(folder, 'model.bin')
    writeFileSync(model, Buffer.alloc(4096))
    const second = start({ args: [model] })
    expect(await second.ended).toBe(0)
    await expect(page.getByRole('textbox', { name: 'Path of the file on the target' })).toHaveValue(model)
    const none = start({ args: ['dmabuf-lab://run/3f2b8c1e-7a54-4d21-9c4e-1b2a3c4d5e6f'] })
    expect(await none.ended).toBe(0)
    await expect(page.getByRole('alert').filter({ hasText: 'There is no run 3f2b8c1e' })).toBeVisible()
    const other = start({ dataFolder: join(folder, 'other') })
    await other.firstWindow()
    expect(await other.quit()).toBe(0)
    expect(await first.quit()).toBe(0)
  })

  test('a data folder that cannot be used is told in a box, and the lab ends', async () => {
    writeFileSync(join(folder, 'taken'), '')
    const shownFile = join(folder, 'shown')
    const standIn = start({
      dataFolder: join(folder, 'taken'),
      environment: { DMABUF_LAB_SHOWN_FILE: shownFile },
    })
    expect(await standIn.ended).toBe(1)
    expect(standIn.questions.at(-1)).toMatchObject({ dialog: 'error' })
    expect(String(standIn.questions.at(-1)?.options.content)).toContain('data folder')
    expect(existsSync(shownFile)).toBe(true)
  })

  test('a part that cannot be loaded is told in a box, and not by silence', async () => {
    const standIn = start({ environment: { DMABUF_LAB_STAND_IN_WITHOUT: 'better-sqlite3' } })
    expect(await standIn.ended).toBe(1)
    expect(String(standIn.questions.at(-1)?.options.content)).toContain('better-sqlite3')
  })

  test('SIGTERM during a run asks nobody, and keeps what was measured, and the zoom', async () => {
    const standIn = start()
    const { page } = await standIn.firstWindow()
    await standIn.clickMenu('View', 'zoomIn')
    await startLong(page)
    standIn.process.kill('SIGTERM')
    expect(await standIn.ended).toBe(0)
    expect(standIn.questions).toEqual([])
    const next = start()
    const { page: again } = await next.firstWindow()
    expect((await next.look()).zoomLevel).toBe(0.5)
    await openView(again, 'Runs')
    await expect(again.getByRole('row').filter({ hasText: 'interrupted' })).toContainText(/[1-9]\d*\/802/)
    expect(await next.quit()).toBe(0)
  })
})
