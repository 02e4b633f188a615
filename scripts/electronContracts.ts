import type * as Electron from 'electron'
import type { ParentPort } from '../engine/parentChannel.ts'
import type { GoneProcess } from '../main/electron/crashReasons.ts'
import type { EventSink, IpcMain } from '../main/electron/labIpc.ts'
import type { LockableContents, LockableSession } from '../main/electron/lockdown.ts'
import type { FocusableWindow, ShowableWindow } from '../main/electron/mainWindow.ts'
import type { GonePage, PageWindow } from '../main/electron/pageCare.ts'
import type { PowerMonitor } from '../main/electron/powerWatch.ts'
import type { ClosableWindow, QuittableApp } from '../main/electron/quitting.ts'
import type { Protocol } from '../main/electron/rendererProtocol.ts'
import type { IpcEvent } from '../main/electron/trustedSender.ts'
import type { Utility, UtilityProcessApi } from '../main/electron/utilityEngine.ts'

/** `Real` can stand wherever `Own` is asked for, or this file does not compile. */
type Fits<Own, Real extends Own> = Real

/** Every type of ours that stands for one of Electron's, with the one of its definitions that it stands for. */
export type Contracts = [
  Fits<ParentPort, Electron.ParentPort>,
  Fits<Utility, Electron.UtilityProcess>,
  Fits<UtilityProcessApi, typeof Electron.utilityProcess>,
  Fits<GoneProcess, Electron.Details>,
  Fits<GonePage, Electron.RenderProcessGoneDetails>,
  Fits<IpcMain, Electron.IpcMain>,
  Fits<IpcEvent, Electron.IpcMainInvokeEvent>,
  Fits<EventSink, Electron.WebContents>,
  Fits<LockableContents, Electron.WebContents>,
  Fits<LockableSession, Electron.Session>,
  Fits<ShowableWindow, Electron.BrowserWindow>,
  Fits<FocusableWindow, Electron.BrowserWindow>,
  Fits<PageWindow, Electron.BrowserWindow>,
  Fits<ClosableWindow, Electron.BrowserWindow>,
  Fits<QuittableApp, Electron.App>,
  Fits<PowerMonitor, Electron.PowerMonitor>,
  Fits<Protocol, Electron.Protocol>,
]
