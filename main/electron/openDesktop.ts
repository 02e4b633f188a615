import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  type FileFilter,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
} from 'electron'
import { droppedFilesChannel, listensChannel } from '../../contract/desktop.ts'
import { toLabError } from '../../contract/error.ts'
import type { Mark } from '../../contract/sample.ts'
import type { LabApplication } from '../lab/lab.ts'
import { type OpenLab, openLab } from '../lab/openLab.ts'
import { packedAgents } from '../lab/packedAgents.ts'
import { logDirectoryIn } from '../lab/paths.ts'
import { productVersion } from '../lab/productVersion.ts'
import { rendererFiles } from '../lab/rendererFiles.ts'
import { RunWatch } from './attention.ts'
import type { CrashReasons } from './crashReasons.ts'
import { PageCommands, serveDesktop } from './desktopIpc.ts'
import type { DesktopPaths } from './desktopPaths.ts'
import { forwardEvents, serveIpc } from './labIpc.ts'
import { watchLinuxPower } from './linuxPower.ts'
import { lockSession } from './lockdown.ts'
import { bringForward, showWhenReady, windowOptions } from './mainWindow.ts'
import { type MenuActions, menuTemplate } from './menu.ts'
import { type OpenRequest, requestOfFile, runExtension } from './openRequests.ts'
import { ownPage } from './ownPages.ts'
import { careForPage, type Question } from './pageCare.ts'
import { watchPower } from './powerWatch.ts'
import { Quitting } from './quitting.ts'
import { serveRenderer } from './rendererProtocol.ts'
import { SavedRuns } from './savedRuns.ts'
import { tellShown } from './shownSign.ts'
import { isTrustedSender } from './trustedSender.ts'
import { startUtilityEngine } from './utilityEngine.ts'
import { placeWindow, readWindowState, writeWindowState } from './windowState.ts'

export type DesktopParts = {
  /** The folder `out` of the product. */
  readonly built: string
  readonly paths: DesktopPaths
  readonly crashes: CrashReasons
}

export type OpenDesktop = {
  readonly bringForward: () => void
  readonly take: (request: OpenRequest) => Promise<void>
}

/**
 * Opens the window, then the lab: a person sees at once that it starts, and calls of the page wait. This file alone
 * joins the parts to Electron.
 * @throws LabFailure of the store kinds when the database cannot be used.
 */
export async function openDesktop({ built, paths, crashes }: DesktopParts): Promise<OpenDesktop> {
  const productDirectory = join(built, '..')
  const opening = Promise.withResolvers<LabApplication>()
  const lab = opening.promise
  let opened: OpenLab | null = null
  let watch: RunWatch | null = null

  lockSession(session.defaultSession)
  serveRenderer(protocol, rendererFiles(join(built, 'renderer')))
  serveIpc(ipcMain, lab)

  const state = readWindowState(paths.windowFile)
  nativeTheme.themeSource = state.theme
  const window = new BrowserWindow(
    windowOptions({
      preloadFile: join(built, 'preload', 'index.cjs'),
      iconFile: join(built, 'renderer', 'icon.png'),
      placement: placeWindow(state.bounds, workAreas()),
      dark: nativeTheme.shouldUseDarkColors,
      zoomLevel: state.zoomLevel,
    }),
  )
  if (state.maximized) window.maximize()
  const quitting = new Quitting(app, {
    running: () => watch?.count ?? 0,
    ask: question => ask(window, question),
    close: async () => opened?.close(),
  })
  quitting.guard(window)
  careForPage(window, { ask: question => ask(window, question), quit: () => app.quit() })
  showWhenReady(window, tellShown)
  keepWindowState(window, paths.windowFile)

  const commands = new PageCommands()
  const saved = new SavedRuns(lab, { askWhere: path => askWhere(window, path) }, app.getPath('documents'))
  serveDesktop(ipcMain, {
    saveRun: async ({ runId, format, scheme }) => ({ file: await saved.save(runId, format, scheme) }),
    copyRun: async ({ runId, format, scheme }) => {
      clipboard.writeText(await saved.text(runId, format, scheme))
      return {}
    },
    saveComparison: async asked => ({ file: await saved.saveComparison(asked) }),
    copyComparison: async asked => {
      clipboard.writeText(await saved.comparisonText(asked))
      return {}
    },
    savePicture: async ({ fileName, png }) => ({
      file: await saved.savePicture(fileName, Buffer.from(png, 'base64')),
    }),
    showSaved: () => {
      if (saved.lastSaved !== null) shell.showItemInFolder(saved.lastSaved)
      return {}
    },
    chooseFile: async () => ({ path: await chooseFile(window, 'Load a file of your own') }),
    setTheme: ({ choice }) => {
      nativeTheme.themeSource = choice
      showMenu()
      return {}
    },
  })
  ipcMain.on(listensChannel, event => {
    if (isTrustedSender(event)) commands.attach(window.webContents)
  })
  window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) commands.detach()
  })
  window.webContents.on('render-process-gone', () => commands.detach())

  const take = async (request: OpenRequest): Promise<void> => {
    try {
      if (request.type === 'modelFile') {
        app.addRecentDocument(request.path)
        commands.send({ name: 'useFile', path: request.path })
      } else if (request.type === 'runFile') {
        commands.send({ name: 'openRun', runId: await saved.bringIn(request.path) })
        app.addRecentDocument(request.path)
      } else {
        const runs = await (await lab).handlers.runs.list({})
        const run = runs.find(({ uuid }) => uuid === request.uuid)
        if (run !== undefined) commands.send({ name: 'openRun', runId: run.id })
        else tellPage(`There is no run ${request.uuid} in this history.`, 'Import its JSON export first.')
      }
    } catch (thrown) {
      const { message, hint } = toLabError(thrown)
      tellPage(message, hint)
    }
  }
  const tellPage = (message: string, hint: string) =>
    commands.send({ name: 'tell', tone: 'bad', message, hint })
  ipcMain.on(droppedFilesChannel, (event, dropped: unknown) => {
    if (!isTrustedSender(event) || !Array.isArray(dropped)) return
    for (const path of dropped) if (typeof path === 'string' && path !== '') void take(requestOfFile(path))
  })

  const versions = versionsText(productVersion(productDirectory))
  const actions: MenuActions = {
    command: command => commands.send(command),
    openFile: () =>
      void chooseFile(window, 'Load a file of your own').then(path => takeFile(path, 'modelFile')),
    importRun: () =>
      void chooseFile(window, 'Import a JSON export', [runFiles]).then(path => takeFile(path, 'runFile')),
    showLog: () => shell.showItemInFolder(logDirectoryIn(paths.dataDirectory)),
    showDataFolder: () => shell.showItemInFolder(paths.dataDirectory),
    showCrashReports: () => shell.showItemInFolder(app.getPath('crashDumps')),
    copyVersions: () => clipboard.writeText(versions),
    reloadPage: () => window.webContents.reload(),
    about: () => void tellAbout(window, versions),
  }
  // Built anew with the colours that are chosen, by the menu or by the page.
  function showMenu(): void {
    const template = menuTemplate(process.platform, actions, nativeTheme.themeSource)
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
  showMenu()
  const takeFile = (path: string | null, type: 'modelFile' | 'runFile') => {
    if (path !== null) void take({ type, path })
  }

  await window.loadURL(ownPage)
  opened = openLab({
    productDirectory,
    shell: 'desktop',
    ...packed(built),
    startEngine: options =>
      startUtilityEngine(utilityProcess, join(built, 'main', 'engineWorker.js'), options, crashes),
    findingsWorkerFile: join(built, 'main', 'findingsWorker.js'),
    checkWorkerFile: join(built, 'main', 'checkWorker.js'),
  })
  const disturb = (mark: Mark) => opened?.lab.disturb(mark)
  watch = new RunWatch(opened.lab, {
    begin: () => beginMeasuring(disturb),
    showProgress: fraction => {
      if (!window.isDestroyed()) window.setProgressBar(fraction)
    },
    isWatched: () => !window.isDestroyed() && window.isFocused(),
    notify: message => new Notification({ title: 'dmabuf-lab', body: message }).show(),
  })
  watchPower(powerMonitor, disturb)
  window.once('closed', forwardEvents(opened.lab, window.webContents))
  opening.resolve(opened.lab)
  endOnSignals(quitting)
  powerMonitor.on('shutdown', () => quitting.quitUnasked())
  return { bringForward: () => bringForward(window), take }
}

function packed(built: string) {
  return app.isPackaged ? { packedAgents: packedAgents(built, process.resourcesPath) } : {}
}

/** Electron's own handlers for these only ask to quit; somebody who sends one is not there to be asked. */
function endOnSignals(quitting: Quitting): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => quitting.quitUnasked())
}

function workAreas() {
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(display => display.id !== main.id)
  return [main, ...others].map(display => display.workArea)
}

/** Kept when the window closes: where it stood, whether it was maximised, its colours and its zoom. */
function keepWindowState(window: BrowserWindow, file: string): void {
  window.on('close', () =>
    writeWindowState(file, {
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
      theme: nativeTheme.themeSource,
      zoomLevel: window.webContents.zoomLevel,
    }),
  )
}

/** Keeps the machine awake while something is measured, and listens where Electron does not tell of its power. */
function beginMeasuring(disturb: (mark: Mark) => void): () => void {
  const blocker = powerSaveBlocker.start('prevent-app-suspension')
  const stopWatching = process.platform === 'linux' ? watchLinuxPower(tellChange) : () => {}
  return () => {
    stopWatching()
    powerSaveBlocker.stop(blocker)
  }

  function tellChange(change: string): void {
    console.info(`the machine: ${change}`)
    disturb('power changed')
  }
}

async function ask(window: BrowserWindow, { message, detail, buttons, signal }: Question): Promise<number> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'dmabuf-lab',
    message,
    detail,
    buttons: [...buttons],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
    ...(signal === undefined ? {} : { signal }),
  })
  return response
}

async function tellAbout(window: BrowserWindow, versions: string): Promise<void> {
  await dialog.showMessageBox(window, {
    type: 'info',
    title: 'About dmabuf-lab',
    message: 'Which way of loading a file into a dma-buf is fastest on this device, and why?',
    detail: `${versions}\n\nMIT licence; the kernel module is GPL-2.0.`,
    buttons: ['OK'],
    noLink: true,
  })
}

const runFiles = { name: 'Run of dmabuf-lab', extensions: ['json', runExtension] }

async function askWhere(window: BrowserWindow, suggested: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save the export',
    defaultPath: suggested,
    properties: ['createDirectory', 'showOverwriteConfirmation'],
    ...(suggested.endsWith('.json') ? { filters: [runFiles] } : {}),
  })
  return canceled || filePath === '' ? null : filePath
}

async function chooseFile(
  window: BrowserWindow,
  title: string,
  filters: FileFilter[] = [],
): Promise<string | null> {
  const options = { title, properties: ['openFile' as const], filters }
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options)
  return canceled ? null : (filePaths[0] ?? null)
}

function versionsText(version: string): string {
  const { electron, chrome, node } = process.versions
  return [
    `dmabuf-lab ${version}`,
    `Electron ${electron}, Chromium ${chrome}, Node ${node}`,
    `${process.platform} ${process.arch}, ${process.getSystemVersion()}`,
  ].join('\n')
}
