import { join } from 'node:path'
import { app, crashReporter, dialog, protocol } from 'electron'
import { toLabError } from '../../contract/error.ts'
import { makeDataFolder } from '../lab/dataFolder.ts'
import { LabLog } from '../lab/log/labLog.ts'
import { LogFile } from '../lab/log/logFile.ts'
import { logDirectoryIn } from '../lab/paths.ts'
import { logConsole } from './consoleLog.ts'
import { CrashReasons } from './crashReasons.ts'
import { desktopPaths } from './desktopPaths.ts'
import { lockContents } from './lockdown.ts'
import {
  linkScheme,
  type OpenRequest,
  requestOfFile,
  requestOfLink,
  requestsOf,
  type Start,
  startSchema,
} from './openRequests.ts'
import { privilegedScheme } from './rendererProtocol.ts'
import { tellShown } from './shownSign.ts'

/**
 * The desktop shell's entry, built into out/main. It brings only what must be there before the app is ready, so that a
 * part that cannot be loaded, such as SQLite's, is told in a window and not by silence.
 */
const built = join(import.meta.dirname, '..')
const paths = desktopPaths(process.env)
const crashes = new CrashReasons()
/** What was asked for before there was a window. */
const waiting: OpenRequest[] = []
/** The package's own: by it Windows takes shortcut, task bar and notifications for one application's. */
const applicationId = 'lab.dmabuf.desktop'
let bringForward = (): void => {}
let take = (request: OpenRequest): void => void waiting.push(request)

const words = ownWords()
const ownStart: Start = { words, directory: process.cwd() }

try {
  // The lock belongs to this folder: two data folders are two labs.
  makeDataFolder(paths.userData)
  app.setPath('userData', paths.userData)
  if (app.requestSingleInstanceLock(ownStart)) start()
  else app.quit()
} catch (thrown) {
  void app.whenReady().then(() => giveUp(thrown))
}

/** What a person gave on the command line: behind the program and, in a checkout, its folder; `--` ends Chromium's. */
function ownWords(): string[] {
  const given = process.argv.slice(app.isPackaged ? 1 : 2)
  return given.slice(given.indexOf('--') + 1)
}

function start(): void {
  logConsole(new LabLog(new LogFile(logDirectoryIn(paths.dataDirectory)), false))
  app.enableSandbox()
  app.setAppUserModelId(applicationId)
  crashReporter.start({ uploadToServer: false })
  protocol.registerSchemesAsPrivileged([privilegedScheme])
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme)
  app.on('web-contents-created', (_event, contents) => lockContents(contents))
  app.on('child-process-gone', (_event, details) => crashes.note(details))
  app.on('window-all-closed', () => app.quit())
  app.on('open-file', (event, path) => {
    event.preventDefault()
    take(requestOfFile(path))
  })
  app.on('open-url', (event, url) => {
    event.preventDefault()
    const request = requestOfLink(url)
    if (request !== null) take(request)
  })
  app.on('second-instance', (_event, _argv, _directory, told) => {
    bringForward()
    const other = startSchema.safeParse(told)
    for (const request of other.success ? requestsOf(other.data) : []) take(request)
  })
  for (const request of requestsOf(ownStart)) take(request)
  app.whenReady().then(open).catch(giveUp)
}

async function open(): Promise<void> {
  const { openDesktop } = await import('./openDesktop.ts')
  const desktop = await openDesktop({ built, paths, crashes })
  bringForward = desktop.bringForward
  take = request => void desktop.take(request)
  for (const request of waiting.splice(0)) take(request)
}

function giveUp(thrown: unknown): void {
  const { message, hint } = toLabError(thrown)
  console.error(`dmabuf-lab cannot start: ${message}. ${hint}`)
  dialog.showErrorBox('dmabuf-lab cannot start', `${message}.\n${hint}`)
  tellShown()
  app.exit(1)
}
