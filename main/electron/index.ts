import { join } from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session, utilityProcess } from 'electron'
import { toLabError } from '../../contract/error.ts'
import { type OpenLab, openLab } from '../lab/openLab.ts'
import { rendererFiles } from '../lab/rendererFiles.ts'
import { forwardEvents, serveIpc } from './labIpc.ts'
import { lockContents, lockSession } from './lockdown.ts'
import { windowOptions } from './mainWindow.ts'
import { menuTemplate } from './menu.ts'
import { ownPage } from './ownPages.ts'
import { privilegedScheme, serveRenderer } from './rendererProtocol.ts'
import { startUtilityEngine } from './utilityEngine.ts'

/** The desktop shell. This file alone joins the parts to Electron; it is built into out/main. */
const built = join(import.meta.dirname, '..')

if (app.requestSingleInstanceLock()) start()
else app.quit()

function start(): void {
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([privilegedScheme])
  app.on('web-contents-created', (_event, contents) => lockContents(contents))
  app.on('second-instance', focusWindow)
  app.on('window-all-closed', () => app.quit())
  app.whenReady().then(open).catch(giveUp)
}

async function open(): Promise<void> {
  lockSession(session.defaultSession)
  serveRenderer(protocol, rendererFiles(join(built, 'renderer')))
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate))
  const workerFile = join(built, 'main', 'engineWorker.js')
  const opened = openLab({
    productDirectory: join(built, '..'),
    shell: 'desktop',
    startEngine: options => startUtilityEngine(utilityProcess, workerFile, options),
  })
  closeBeforeQuit(opened)
  serveIpc(ipcMain, opened.lab)
  const window = new BrowserWindow(windowOptions(join(built, 'preload', 'index.cjs')))
  window.once('ready-to-show', () => window.show())
  window.once('closed', forwardEvents(opened.lab, window.webContents))
  await window.loadURL(ownPage)
}

/** Quitting waits until what runs is marked interrupted and the database is closed. */
function closeBeforeQuit({ close }: OpenLab): void {
  app.once('will-quit', event => {
    event.preventDefault()
    void close().finally(() => app.exit())
  })
}

function focusWindow(): void {
  const window = BrowserWindow.getAllWindows()[0]
  if (window?.isMinimized()) window.restore()
  window?.focus()
}

function giveUp(thrown: unknown): void {
  const { message, hint } = toLabError(thrown)
  dialog.showErrorBox('dmabuf-lab cannot start', `${message}.\n${hint}`)
  app.exit(1)
}
