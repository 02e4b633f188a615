import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bringForward, showWhenReady, windowOptions } from './mainWindow.ts'

const making = { iconFile: '/out/renderer/icon.png', dark: false, zoomLevel: 0 }
const placement = { bounds: { width: 1024, height: 560 }, minWidth: 1024, minHeight: 560 }

test('the page is sandboxed, isolated and without Node', () => {
  const options = windowOptions({ ...making, preloadFile: '/out/preload/index.cjs', placement })
  expect(options.webPreferences).toMatchObject({
    preload: '/out/preload/index.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
  })
})

test('nothing else of a page is set, such as features of Blink', () => {
  const options = windowOptions({ ...making, preloadFile: '', placement })
  expect(Object.keys(options.webPreferences ?? {}).toSorted()).toEqual([
    'allowRunningInsecureContent',
    'contextIsolation',
    'experimentalFeatures',
    'navigateOnDragDrop',
    'nodeIntegration',
    'nodeIntegrationInSubFrames',
    'nodeIntegrationInWorker',
    'preload',
    'sandbox',
    'spellcheck',
    'webSecurity',
    'webviewTag',
    'zoomFactor',
  ])
})

test('the ground is the theme, before the page has drawn', () => {
  const grounds = [true, false].map(
    dark => windowOptions({ ...making, preloadFile: '', placement, dark }).backgroundColor,
  )
  expect(grounds).toEqual(['#111417', '#ffffff'])
})

test('a window that was left zoomed opens zoomed, by steps of a fifth', () => {
  const zoomOf = (zoomLevel: number) =>
    windowOptions({ ...making, preloadFile: '', placement, zoomLevel }).webPreferences?.zoomFactor
  expect([0, 1, -1].map(zoomOf)).toEqual([1, 1.2, 1 / 1.2])
})

class StandIn extends EventEmitter {
  readonly webContents = new EventEmitter()
  readonly show = vi.fn()
  destroyed = false
  readonly isDestroyed = () => this.destroyed
  readonly isVisible = () => this.show.mock.calls.length > 0
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test.each([
  ['its first frame', (window: StandIn) => window.emit('ready-to-show')],
  [
    'the page that has loaded, where no frame comes',
    (window: StandIn) => window.webContents.emit('did-finish-load'),
  ],
  ['time, where nothing comes', () => vi.advanceTimersByTime(2000)],
])('a window is shown by %s, once', (_by, happen) => {
  const window = new StandIn()
  const shown = vi.fn()
  showWhenReady(window, shown)
  expect(window.show).not.toHaveBeenCalled()
  happen(window)
  window.emit('ready-to-show')
  window.webContents.emit('did-finish-load')
  vi.runAllTimers()
  expect(window.show).toHaveBeenCalledOnce()
  expect(shown).toHaveBeenCalledOnce()
})

test('a window that was closed before it was shown stays closed', () => {
  const window = new StandIn()
  showWhenReady(window, () => {})
  window.destroyed = true
  vi.runAllTimers()
  expect(window.show).not.toHaveBeenCalled()
})

test('a second start shows a window that never came up', () => {
  const window = {
    isMinimized: () => true,
    isVisible: () => false,
    restore: vi.fn(),
    show: vi.fn(),
    focus: vi.fn(),
  }
  bringForward(window)
  for (const call of [window.restore, window.show, window.focus]) expect(call).toHaveBeenCalledOnce()
})
