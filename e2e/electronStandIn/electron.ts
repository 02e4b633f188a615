import { EventEmitter } from 'node:events'
import { release } from 'node:os'
import { type Chromium, startChromium } from './chromium.ts'
import { Control, type Deeds, type Order, type Question } from './control.ts'
import { StandInApp } from './standInApp.ts'
import { StandInIpcMain } from './standInIpc.ts'
import { StandInProtocol, StandInSession } from './standInSession.ts'
import { StandInWindow, type WindowOptions } from './standInWindow.ts'
import { StandInUtility, type UtilityOptions } from './utilityProcess.ts'

/**
 * Stands in for the module `electron` of the main process: what of it the desktop shell uses, with the manners that
 * Electron's sources have. Its windows are pages of Debian's Chromium. It is no Electron, and nothing that runs on it
 * shows that Electron runs.
 */
const deeds: Deeds = {
  progress: -1,
  awake: 0,
  notifications: [],
  shownInFolder: [],
  clipboard: '',
  recentDocuments: [],
  themeSource: 'system',
  sandboxed: false,
  visible: false,
  focused: false,
  protocolClients: [],
  crashReporter: null,
  menu: [],
  zoomLevel: 0,
}

const resources = process.env.DMABUF_LAB_STAND_IN_RESOURCES
// A packaged app has its arguments behind its own program.
if (resources !== undefined) process.argv.splice(1, 1)
Object.defineProperty(process, 'resourcesPath', { value: resources ?? '/nowhere' })
Object.defineProperty(process, 'getSystemVersion', { value: release })
Object.defineProperty(process, 'versions', {
  value: { ...process.versions, electron: 'stand-in', chrome: 'of Debian' },
})

const control = new Control(obey)
export const app = new StandInApp(deeds)
export const protocol = new StandInProtocol(() => app.isReady())
export const ipcMain = new StandInIpcMain()
const defaultSession = new StandInSession()
export const session = {
  get defaultSession(): StandInSession {
    if (!app.isReady()) throw new Error('Session can only be received when app is ready')
    return defaultSession
  },
}

let chromium: Promise<Chromium> | null = null
const surroundings = {
  app,
  chromium: () => {
    chromium ??= startChromium(app.getPath('userData')).then(async started => {
      await defaultSession.applyTo(started.protocol)
      return started
    })
    return chromium
  },
  control,
  deeds,
  ipcMain,
  protocol,
  session: defaultSession,
}

export class BrowserWindow extends StandInWindow {
  constructor(options: WindowOptions = {}) {
    super(options, surroundings)
  }

  static getAllWindows(): StandInWindow[] {
    return windows()
  }
}

function windows(): StandInWindow[] {
  return [...app.windows].filter(window => window instanceof StandInWindow)
}

const checkReady = () => {
  if (!app.isReady()) throw new Error('dialog module can only be used after app is ready')
}
const checkTexts = (options: Readonly<Record<string, unknown>>, names: readonly string[]) => {
  for (const name of names) {
    if (options[name] !== undefined && typeof options[name] !== 'string')
      throw new TypeError(`${name} must be a string`)
  }
}
type DialogOptions = Readonly<Record<string, unknown>> & { readonly signal?: AbortSignal }

async function askFor(kind: Question['dialog'], options: DialogOptions): Promise<unknown> {
  checkReady()
  checkTexts(options, ['title', 'message', 'detail', 'defaultPath', 'buttonLabel'])
  const { signal, ...told } = options
  return control.ask(kind, told, signal)
}

/** lib/browser/api/dialog.ts. A person who is not there cancels. */
export const dialog = {
  showSaveDialog: async (_window: unknown, options: DialogOptions) => {
    const path = await askFor('save', options)
    return typeof path === 'string' ? { canceled: false, filePath: path } : { canceled: true, filePath: '' }
  },
  showOpenDialog: async (_window: unknown, options: DialogOptions) => {
    const path = await askFor('open', options)
    return typeof path === 'string'
      ? { canceled: false, filePaths: [path] }
      : { canceled: true, filePaths: [] }
  },
  showMessageBox: async (_window: unknown, options: DialogOptions) => {
    const answer = await askFor('message', options)
    const response = typeof answer === 'number' ? answer : Number(options.cancelId ?? 0)
    return { response, checkboxChecked: false }
  },
  showErrorBox: (title: string, content: string) => {
    control.tell({ type: 'question', id: 0, dialog: 'error', options: { title, content } })
  },
}

type MenuItem = {
  readonly label?: string
  readonly role?: string
  readonly type?: string
  readonly submenu?: readonly MenuItem[]
  readonly click?: () => void
}
let menuItems: readonly MenuItem[] = []

export const Menu = {
  buildFromTemplate: (template: readonly MenuItem[]): readonly MenuItem[] => {
    if (!Array.isArray(template))
      throw new TypeError('Invalid template for Menu: Menu template must be an array')
    for (const item of template) {
      if (item.label === undefined && item.role === undefined && item.type === undefined) {
        throw new TypeError('Invalid template for MenuItem: must have at least one of label, role or type')
      }
    }
    return template
  },
  setApplicationMenu: (items: readonly MenuItem[] | null): void => {
    menuItems = items ?? []
    deeds.menu = pathsOf(menuItems, [])
  },
}

function pathsOf(items: readonly MenuItem[], above: readonly string[]): string[] {
  return items.flatMap(item => {
    const path = [...above, titleOf(item)]
    return item.submenu === undefined ? [path.join(' > ')] : pathsOf(item.submenu, path)
  })
}

function titleOf({ label, role, type }: MenuItem): string {
  return (label ?? role ?? type ?? '').replace('&', '')
}

function clickMenu(path: readonly string[]): void {
  let items = menuItems
  for (const title of path.slice(0, -1)) items = items.find(item => titleOf(item) === title)?.submenu ?? []
  const chosen = items.find(item => titleOf(item) === path.at(-1))
  chosen?.click?.()
  const contents = windows()[0]?.webContents
  // lib/browser/api/menu-item-roles.ts.
  if (chosen?.role === 'zoomIn' && contents !== undefined) contents.zoomLevel += 0.5
}

export class Notification extends EventEmitter {
  readonly #text: string
  constructor({ title, body }: { title: string; body: string }) {
    super()
    this.#text = `${title}: ${body}`
  }
  show(): void {
    deeds.notifications.push(this.#text)
  }
}

let lastBlocker = 0
const blockers = new Set<number>()
export const powerSaveBlocker = {
  start: (): number => {
    blockers.add(++lastBlocker)
    deeds.awake = blockers.size
    return lastBlocker
  },
  stop: (id: number): boolean => {
    const stopped = blockers.delete(id)
    deeds.awake = blockers.size
    return stopped
  },
}

export const powerMonitor = new EventEmitter()
export const nativeTheme = {
  shouldUseDarkColors: false,
  get themeSource() {
    return deeds.themeSource
  },
  set themeSource(source: string) {
    if (!['system', 'light', 'dark'].includes(source)) throw new TypeError(`Invalid themeSource: ${source}`)
    deeds.themeSource = source
    nativeTheme.shouldUseDarkColors = source === 'dark'
  },
}
export const screen = {
  getPrimaryDisplay: () => ({ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }),
  getAllDisplays: () => [screen.getPrimaryDisplay()],
}
export const shell = {
  showItemInFolder: (path: string): void => {
    deeds.shownInFolder.push(path)
  },
}
export const clipboard = {
  writeText: (text: string): void => {
    deeds.clipboard = text
  },
}
export const crashReporter = {
  start: (options: unknown): void => {
    deeds.crashReporter = options
  },
}
export const utilityProcess = {
  fork: (file: string, args: string[] = [], options: UtilityOptions = {}): StandInUtility => {
    if (!app.isReady()) throw new Error('utilityProcess cannot be created before app is ready')
    return new StandInUtility(file, args, options, details => app.emit('child-process-gone', {}, details))
  },
}

function obey(order: Order): void {
  const window = windows()[0]
  if (order.type === 'look') control.tell({ type: 'reply', id: order.id, value: deeds })
  else if (order.type === 'menu') {
    clickMenu(order.path)
    control.tell({ type: 'reply', id: order.id, value: null })
  } else if (order.type === 'power') powerMonitor.emit(order.event)
  else if (order.type === 'quit') app.quit()
  else if (order.type === 'window') {
    if (order.event === 'close') window?.close()
    else if (order.event === 'blur') window?.blur()
    else window?.emit(order.event)
  }
}

// The entry has been evaluated by then, as Electron waits for it.
setImmediate(() => app.becomeReady())
