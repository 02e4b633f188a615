import type { BrowserWindowConstructorOptions } from 'electron'
import type { Placement } from './windowState.ts'

/** The page's own ground, so that nothing flashes before its first frame. */
const grounds = { light: '#ffffff', dark: '#111417' }

/** Of Chromium's zoom levels (blink::kTextSizeMultiplierRatio). */
const zoomStep = 1.2

export type WindowMaking = {
  readonly preloadFile: string
  /** Where no package tells the desktop of it, as in a checkout. */
  readonly iconFile: string
  readonly placement: Placement
  readonly dark: boolean
  readonly zoomLevel: number
}

/** The page gets no Node, a world of its own for the preload, and the process sandbox. */
export function windowOptions({
  preloadFile,
  iconFile,
  placement,
  dark,
  zoomLevel,
}: WindowMaking): BrowserWindowConstructorOptions {
  const { bounds, minWidth, minHeight } = placement
  return {
    ...bounds,
    minWidth,
    minHeight,
    title: 'dmabuf-lab',
    icon: iconFile,
    show: false,
    backgroundColor: dark ? grounds.dark : grounds.light,
    webPreferences: {
      preload: preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      zoomFactor: zoomStep ** zoomLevel,
    },
  }
}

const latestShowMs = 2000

/** What of a window is used to show it. */
export type ShowableWindow = {
  readonly show: () => void
  readonly isDestroyed: () => boolean
  readonly isVisible: () => boolean
  once(event: 'ready-to-show', listener: () => void): unknown
  readonly webContents: { once(event: 'did-finish-load', listener: () => void): unknown }
}

/**
 * Shows the window at its first frame. On Wayland a hidden window is given no frame and so never says that it is ready
 * (electron#48859): then the loaded page shows it, or the time.
 */
export function showWhenReady(window: ShowableWindow, onShown: () => void): void {
  let done = false
  const show = () => {
    clearTimeout(timer)
    if (done || window.isDestroyed()) return
    done = true
    window.show()
    onShown()
  }
  const timer = setTimeout(show, latestShowMs)
  window.once('ready-to-show', show)
  window.webContents.once('did-finish-load', show)
}

export type FocusableWindow = Pick<ShowableWindow, 'show' | 'isVisible'> & {
  readonly isMinimized: () => boolean
  readonly restore: () => void
  readonly focus: () => void
}

/** Brings the window to the front, whatever became of it. */
export function bringForward(window: FocusableWindow): void {
  if (window.isMinimized()) window.restore()
  if (!window.isVisible()) window.show()
  window.focus()
}
