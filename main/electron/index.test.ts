import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// Electron's runtime is not here: this proves in which order the shell's parts are joined to its API, not that it runs.
const electron = vi.hoisted(() => {
  const done: string[] = []
  const log = (name: string) => (): void => {
    done.push(name)
  }
  const listeners = new Map<string, (...args: unknown[]) => void>()
  return { done, log, listeners, ready: Promise.withResolvers<void>(), hasLock: true }
})

vi.mock('electron', () => {
  const { done, log, listeners } = electron
  class BrowserWindow {
    readonly webContents = { send: log('send'), isDestroyed: () => false }
    readonly once = log('window.once')
    readonly loadURL = async (url: string) => done.push(`load ${url}`)
    constructor() {
      done.push('window')
    }
    static getAllWindows = () => [{ isMinimized: () => true, restore: log('restore'), focus: log('focus') }]
  }
  const app = {
    requestSingleInstanceLock: () => electron.hasLock,
    quit: log('quit'),
    exit: log('exit'),
    enableSandbox: log('sandbox'),
    whenReady: () => electron.ready.promise,
    on: (event: string, listener: (...args: unknown[]) => void) => listeners.set(event, listener),
    once: (event: string, listener: (...args: unknown[]) => void) => listeners.set(event, listener),
  }
  const session = {
    defaultSession: {
      setPermissionRequestHandler: log('permissions denied'),
      setPermissionCheckHandler: () => {},
      setDevicePermissionHandler: () => {},
      webRequest: { onBeforeRequest: log('requests blocked') },
    },
  }
  const protocol = { registerSchemesAsPrivileged: log('scheme'), handle: log('protocol') }
  const Menu = { buildFromTemplate: () => null, setApplicationMenu: log('menu') }
  const dialog = { showErrorBox: (_title: string, text: string) => done.push(`error ${text}`) }
  return {
    app,
    BrowserWindow,
    dialog,
    ipcMain: { handle: () => {} },
    Menu,
    protocol,
    session,
    utilityProcess: {},
  }
})

// The built page stands in out/, which this source file does not lie in.
vi.mock('../lab/rendererFiles.ts', () => ({ rendererFiles: () => new Map() }))

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
  electron.done.length = 0
  electron.listeners.clear()
  electron.ready = Promise.withResolvers<void>()
  vi.stubEnv('DMABUF_LAB_HOME', home)
  electron.hasLock = true
  vi.resetModules()
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

test('a second instance quits, and the first one comes to the front', async () => {
  electron.hasLock = false
  await import('./index.ts')
  expect(electron.done).toEqual(['quit'])
  electron.hasLock = true
  vi.resetModules()
  await import('./index.ts')
  electron.listeners.get('second-instance')?.()
  expect(electron.done.slice(-2)).toEqual(['restore', 'focus'])
})

test('everything is locked before the window is made, and quitting closes the lab first', async () => {
  await import('./index.ts')
  expect(electron.done).toEqual(['sandbox', 'scheme'])
  expect(electron.listeners.has('web-contents-created')).toBe(true)
  electron.ready.resolve()
  await expect.poll(() => electron.done.at(-1)).toBe('load lab://app/')
  const window = electron.done.indexOf('window')
  for (const lock of ['permissions denied', 'requests blocked', 'protocol', 'menu']) {
    expect(electron.done.slice(0, window)).toContain(lock)
  }
  const preventDefault = vi.fn()
  electron.listeners.get('will-quit')?.({ preventDefault })
  expect(preventDefault).toHaveBeenCalledOnce()
  await expect.poll(() => electron.done.at(-1)).toBe('exit')
})

test('a database that cannot be used is shown, and the lab ends', async () => {
  rmSync(home, { recursive: true })
  writeFileSync(home, '')
  await import('./index.ts')
  electron.ready.resolve()
  await expect.poll(() => electron.done.at(-1)).toBe('exit')
  expect(electron.done).toContainEqual(expect.stringMatching(/^error .*lab\.db/))
  expect(electron.done).not.toContain('window')
})
