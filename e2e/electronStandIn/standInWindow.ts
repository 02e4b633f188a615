import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { toChromium, toShell } from './addresses.ts'
import type { Chromium } from './chromium.ts'
import { joinWorlds } from './contextBridge.ts'
import type { Control, Deeds } from './control.ts'
import { makeIsolatedWorld } from './isolatedWorld.ts'
import { preventable, type QuittableWindow, type StandInApp } from './standInApp.ts'
import type { IpcEvent, StandInIpcMain } from './standInIpc.ts'
import type { StandInProtocol, StandInSession } from './standInSession.ts'
import { decodeWire, encodeWire } from './wire.ts'

/** What a window needs of the rest of the stand-in. */
export type WindowSurroundings = {
  readonly app: StandInApp
  readonly chromium: () => Promise<Chromium>
  readonly control: Control
  readonly deeds: Deeds
  readonly ipcMain: StandInIpcMain
  readonly protocol: StandInProtocol
  readonly session: StandInSession
}

export type WindowOptions = {
  readonly x?: number
  readonly y?: number
  readonly width?: number
  readonly height?: number
  readonly title?: string
  readonly show?: boolean
  readonly webPreferences?: Readonly<Record<string, unknown>>
}

type OpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' }

const worldName = 'Electron Isolated Context'
const bindingName = 'standInPost'
const packetSchema = z.object({
  op: z.enum(['send', 'invoke']),
  id: z.number().optional(),
  channel: z.string(),
  args: z.array(z.unknown()),
})

/** `webContents`: one page in Chromium, with the built preload in an isolated world. */
export class StandInWebContents extends EventEmitter {
  readonly #window: StandInWindow
  readonly #surroundings: WindowSurroundings
  readonly #preferences: Readonly<Record<string, unknown>>
  #page: Promise<Page> | null = null
  #openHandler: OpenHandler = () => ({ action: 'allow' })
  #url = ''
  /** Navigations that a script of the page asked for, which the shell is asked about. */
  readonly #asked = new Set<string>()
  #zoomLevel = 0

  constructor(
    window: StandInWindow,
    surroundings: WindowSurroundings,
    preferences: Readonly<Record<string, unknown>>,
  ) {
    super()
    this.#window = window
    this.#surroundings = surroundings
    this.#preferences = preferences
    this.zoomLevel = Math.log(Number(preferences.zoomFactor ?? 1)) / Math.log(1.2)
  }

  /** Kept and told; Chromium's debugging protocol has no zoom of a page. */
  get zoomLevel(): number {
    return this.#zoomLevel
  }

  set zoomLevel(level: number) {
    this.#zoomLevel = Math.round(level * 100) / 100
    this.#surroundings.deeds.zoomLevel = this.#zoomLevel
  }

  isDestroyed(): boolean {
    return this.#window.isDestroyed()
  }

  getURL(): string {
    return this.#url
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }

  /** Structured clone; lost where no preload listens yet. */
  send(channel: string, ...args: unknown[]): void {
    const text = encodeWire({ op: 'message', channel, args })
    void this.#page?.then(page => page.deliver(text))
  }

  reload(): void {
    void this.#page?.then(page => page.send('Page.reload'))
  }

  forcefullyCrashRenderer(): void {
    void this.#page?.then(page => page.send('Page.crash').catch(() => {}))
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#open()
    const loaded = Promise.withResolvers<void>()
    this.once('did-finish-load', () => loaded.resolve())
    const answer = await page.send('Page.navigate', {
      url: toChromium(url, this.#surroundings.protocol.schemes),
    })
    if (typeof answer.errorText === 'string') throw new Error(`${answer.errorText} loading '${url}'`)
    await loaded.promise
  }

  /** Of the stand-in alone: ends the page. */
  async close(): Promise<void> {
    const page = await this.#page
    await page?.close()
  }

  #open(): Promise<Page> {
    this.#page ??= this.#createPage()
    return this.#page
  }

  async #createPage(): Promise<Page> {
    const { app, chromium, control } = this.#surroundings
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    const { protocol, endpoint } = await chromium()
    const { targetId } = await protocol.send('Target.createTarget', { url: 'about:blank', newWindow: true })
    const { sessionId } = await protocol.send('Target.attachToTarget', { targetId, flatten: true })
    const page = new Page(protocol, String(targetId), String(sessionId))
    await this.#prepare(page)
    control.tell({ type: 'window', endpoint, targetId })
    return page
  }

  async #prepare(page: Page): Promise<void> {
    page.on('Runtime.bindingCalled', ({ payload }) => void this.#receive(page, String(payload)))
    page.on('Fetch.requestPaused', request => void this.#serve(page, request))
    page.on('Page.frameRequestedNavigation', ({ url }) => this.#asked.add(String(url)))
    page.on('Page.frameNavigated', ({ frame }) => this.#navigated(frame))
    page.on('Page.navigatedWithinDocument', ({ url }) => {
      this.#url = toShell(String(url))
    })
    page.on('Page.frameStartedLoading', () => this.emit('did-start-loading'))
    page.on('Page.loadEventFired', () => this.#finishLoad())
    page.on('Inspector.targetCrashed', () => {
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 })
    })
    page.on('Page.windowOpen', ({ url }) => page.denied.push(this.#mayOpen(String(url)) ? '' : String(url)))
    page.on('Debugger.paused', ({ callFrames }) => void page.answerPath(callFrames))
    await page.denyPopups()
    for (const domain of ['Page', 'Runtime', 'DOM', 'Debugger', 'Inspector'])
      await page.send(`${domain}.enable`)
    await page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
    await page.send('Runtime.addBinding', { name: bindingName, executionContextName: worldName })
    const secret = crypto.randomUUID()
    await page.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldScript(secret) })
    const preload = String(this.#preferences.preload)
    const isolated = isolatedWorldScript(secret, readFileSync(preload, 'utf8'), preload)
    await page.send('Page.addScriptToEvaluateOnNewDocument', { source: isolated, worldName })
  }

  #mayOpen(url: string): boolean {
    return this.#openHandler({ url: toShell(url) }).action === 'allow'
  }

  #finishLoad(): void {
    this.emit('did-finish-load')
    this.#window.painted()
  }

  #navigated(frame: unknown): void {
    const navigated = z.object({ url: z.string(), parentId: z.string().optional() }).parse(frame)
    if (navigated.parentId === undefined) this.#url = toShell(navigated.url)
  }

  async #receive(page: Page, payload: string): Promise<void> {
    const { op, id, channel, args } = packetSchema.parse(decodeWire(payload))
    const event: IpcEvent = { sender: this, senderFrame: { url: this.#url, parent: null } }
    const { ipcMain } = this.#surroundings
    if (op === 'send') {
      ipcMain.emit(channel, event, ...args)
      return
    }
    const outcome = await ipcMain.invoke(event, channel, args)
    page.deliver(replyText({ op: 'reply', id, channel, ...outcome }))
  }

  /** ElectronNavigationThrottle, webRequest and the protocol's handlers, in this order. */
  async #serve(page: Page, paused: unknown): Promise<void> {
    const { requestId, request, resourceType } = pausedSchema.parse(paused)
    const refuse = (errorReason: string) =>
      page.send('Fetch.failRequest', { requestId, errorReason }).catch(() => {})
    const { protocol, session } = this.#surroundings
    if (resourceType === 'Document' && this.#asked.delete(request.url) && this.#isPrevented(request.url)) {
      return void refuse('Aborted')
    }
    if (resourceType === 'Document') {
      this.emit('did-start-navigation', {
        url: toShell(request.url),
        isMainFrame: true,
        isSameDocument: false,
      })
    }
    if (!(await session.allows(request.url))) return void refuse('BlockedByClient')
    const url = toShell(request.url)
    if (url === request.url) return void page.send('Fetch.continueRequest', { requestId }).catch(() => {})
    const { method, headers, postData } = request
    const asked = new Request(url, { method, headers, ...(postData === undefined ? {} : { body: postData }) })
    const response = await protocol.answer(asked)
    if (response === null) return void refuse('Failed')
    const body = Buffer.from(await response.arrayBuffer()).toString('base64')
    const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }))
    const answer = { requestId, responseCode: response.status, responseHeaders, body }
    await page.send('Fetch.fulfillRequest', answer).catch(() => {})
  }

  #isPrevented(url: string): boolean {
    const event = { ...preventable(), url: toShell(url) }
    let prevented = false
    const details = { ...event, preventDefault: () => (prevented = true) }
    this.emit('will-frame-navigate', details)
    if (!prevented) this.emit('will-navigate', details, details.url)
    return prevented
  }
}

const pausedSchema = z.object({
  requestId: z.string(),
  resourceType: z.string(),
  request: z.object({
    url: z.string(),
    method: z.string(),
    headers: z.record(z.string(), z.string()),
    postData: z.string().optional(),
  }),
})

/** What cannot be cloned is an error of the invocation, as SendReply's. */
function replyText(reply: Record<string, unknown>): string {
  try {
    return encodeWire(reply)
  } catch (thrown) {
    return encodeWire({ op: 'reply', id: reply.id, channel: reply.channel, error: String(thrown) })
  }
}

function mainWorldScript(secret: string): string {
  return `if (window === window.top) { ${joinWorlds.toString()}; joinWorlds('main', ${JSON.stringify(secret)}) }`
}

function isolatedWorldScript(secret: string, preload: string, file: string): string {
  return `if (window === window.top) (() => {
    ${encodeWire.toString()}; ${decodeWire.toString()}; ${joinWorlds.toString()}; ${makeIsolatedWorld.toString()}
    const post = globalThis[${JSON.stringify(bindingName)}]
    const bridge = joinWorlds('isolated', ${JSON.stringify(secret)})
    const world = makeIsolatedWorld({ bridge, encode: encodeWire, decode: decodeWire, post })
    globalThis.standInDeliver = world.deliver
    const module = { exports: {} }
    ;(function (require, module, exports) { ${preload}
    }).call(globalThis, world.require, module, module.exports)
  })()
  //# sourceURL=${file}`
}

/** A target's session, with what its isolated world is reached by. */
class Page {
  readonly #protocol: Chromium['protocol']
  readonly #targetId: string
  readonly #sessionId: string
  readonly denied: string[] = []
  #context: number | null = null

  constructor(protocol: Chromium['protocol'], targetId: string, sessionId: string) {
    this.#protocol = protocol
    this.#targetId = targetId
    this.#sessionId = sessionId
    this.on('Runtime.executionContextCreated', ({ context }) => {
      const { id, name } = z.object({ id: z.number(), name: z.string() }).parse(context)
      if (name === worldName) this.#context = id
    })
    this.on('Runtime.executionContextsCleared', () => {
      this.#context = null
    })
  }

  on(method: string, listener: (params: Record<string, unknown>) => void): void {
    this.#protocol.on(method, listener, this.#sessionId)
  }

  send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    return this.#protocol.send(method, params, this.#sessionId)
  }

  deliver(text: string): void {
    if (this.#context === null) return
    const expression = `standInDeliver(${JSON.stringify(text)})`
    void this.send('Runtime.evaluate', { contextId: this.#context, expression, silent: true }).catch(() => {})
  }

  /** A window that the shell denies is closed as soon as Chromium has it; Electron does not make it. */
  async denyPopups(): Promise<void> {
    this.#protocol.on('Target.targetCreated', ({ targetInfo }) => {
      const opened = z.object({ targetId: z.string(), openerId: z.string().optional() }).parse(targetInfo)
      if (opened.openerId !== this.#targetId || this.denied.shift() === '') return
      void this.#closePopup(opened.targetId).catch(() => {})
    })
    await this.#protocol.send('Target.setDiscoverTargets', { discover: true })
  }

  /**
   * Who drives the tests has every new page wait for it, and the opener, of the same process, waits along: closed
   * before it goes on, the popup leaves the opener waiting for ever.
   */
  async #closePopup(targetId: string): Promise<void> {
    const { sessionId } = await this.#protocol.send('Target.attachToTarget', { targetId, flatten: true })
    await this.#protocol.send('Runtime.runIfWaitingForDebugger', {}, z.string().parse(sessionId))
    await this.#protocol.send('Target.closeTarget', { targetId })
  }

  /** `webUtils.getPathForFile` stopped: the file's path is filled in, and it goes on. */
  async answerPath(callFrames: unknown): Promise<void> {
    const frame = z
      .array(z.object({ callFrameId: z.string(), functionName: z.string() }))
      .parse(callFrames)[0]
    if (frame?.functionName === 'getPathForFile') {
      const { callFrameId } = frame
      const evaluate = (expression: string) =>
        this.send('Debugger.evaluateOnCallFrame', { callFrameId, expression })
      const { result } = await evaluate('file')
      const { objectId } = z.object({ objectId: z.string() }).parse(result)
      const { path } = await this.send('DOM.getFileInfo', { objectId })
      await evaluate(`known.path = ${JSON.stringify(path ?? '')}`)
    }
    await this.send('Debugger.resume')
  }

  async close(): Promise<void> {
    await this.#protocol.send('Target.closeTarget', { targetId: this.#targetId }).catch(() => {})
  }
}

/** `BrowserWindow`: shown, closed and placed as Electron's; Chromium itself draws it without a display. */
export class StandInWindow extends EventEmitter implements QuittableWindow {
  readonly webContents: StandInWebContents
  readonly #surroundings: WindowSurroundings
  #visible: boolean
  #focused = false
  #minimized = false
  #maximized = false
  #destroyed = false
  readonly #bounds: { x: number; y: number; width: number; height: number }

  constructor(options: WindowOptions, surroundings: WindowSurroundings) {
    super()
    if (!surroundings.app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    this.#surroundings = surroundings
    this.#visible = options.show ?? true
    const { x = 0, y = 0, width = 800, height = 600 } = options
    this.#bounds = { x, y, width, height }
    this.webContents = new StandInWebContents(this, surroundings, options.webPreferences ?? {})
    surroundings.app.windows.add(this)
    surroundings.app.emit('web-contents-created', {}, this.webContents)
    this.#note()
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }

  /** Of the stand-in alone: there is a frame. On Wayland a hidden window is given none (electron#48859). */
  painted(): void {
    const wayland = process.env.DMABUF_LAB_STAND_IN_WAYLAND === '1'
    if (this.#visible || !wayland) process.nextTick(() => this.emit('ready-to-show'))
  }

  show(): void {
    this.#visible = true
    this.#minimized = false
    this.focus()
    this.emit('show')
  }

  focus(): void {
    this.#focused = true
    this.#note()
    this.emit('focus')
  }

  blur(): void {
    this.#focused = false
    this.#note()
    this.emit('blur')
  }

  restore(): void {
    this.#minimized = false
  }

  maximize(): void {
    this.#maximized = true
    this.#visible = true
    this.#note()
  }

  isVisible(): boolean {
    return this.#visible
  }

  isFocused(): boolean {
    return this.#focused
  }

  isMinimized(): boolean {
    return this.#minimized
  }

  isMaximized(): boolean {
    return this.#maximized
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  getNormalBounds() {
    return { ...this.#bounds }
  }

  setProgressBar(fraction: number): void {
    this.#surroundings.deeds.progress = fraction
  }

  close(): void {
    this.tryClose()
  }

  tryClose(): boolean {
    const event = preventable()
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
    return event.defaultPrevented
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    void this.webContents.close().finally(() => {
      this.emit('closed')
      this.#surroundings.app.windowClosed(this)
    })
  }

  #note(): void {
    this.#surroundings.deeds.visible = this.#visible
    this.#surroundings.deeds.focused = this.#focused
  }
}
