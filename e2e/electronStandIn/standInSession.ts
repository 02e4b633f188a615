import { EventEmitter } from 'node:events'
import { toShell } from './addresses.ts'
import type { DebuggingProtocol } from './cdp.ts'
import { preventable } from './standInApp.ts'

type Handler = (request: Request) => Response | Promise<Response>
type PermissionHandler = (contents: unknown, permission: string, decide: (granted: boolean) => void) => void
type BeforeRequest = (details: { url: string }, answer: (decision: { cancel?: boolean }) => void) => void
type SchemeDetails = {
  readonly scheme: string
  readonly privileges?: { standard?: boolean; secure?: boolean }
}

/** Names of both Electron's handlers and Chromium's Browser.setPermission. */
const permissions = [
  'geolocation',
  'notifications',
  'midi',
  'clipboard-read',
  'camera',
  'microphone',
] as const
const chromiumNames: Partial<Record<string, string>> = { camera: 'videoCapture', microphone: 'audioCapture' }

/** `protocol`, as lib/browser/api/protocol.ts has it. */
export class StandInProtocol {
  readonly schemes = new Set<string>()
  readonly handlers = new Map<string, Handler>()
  readonly #isReady: () => boolean

  constructor(isReady: () => boolean) {
    this.#isReady = isReady
  }

  readonly registerSchemesAsPrivileged = (details: readonly SchemeDetails[]): void => {
    if (this.#isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme, privileges } of details) {
      if (privileges?.standard !== true || privileges.secure !== true) {
        throw new Error(`the stand-in has only schemes that are standard and secure, unlike ${scheme}`)
      }
      this.schemes.add(scheme)
    }
  }

  readonly handle = (scheme: string, handler: Handler): void => {
    if (this.handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    this.handlers.set(scheme, handler)
  }

  /** What Chromium is to be given for an address of one of our schemes; `null` is a failure of the request. */
  async answer(request: Request): Promise<Response | null> {
    const handler = this.handlers.get(new URL(request.url).protocol.slice(0, -1))
    try {
      const response = await handler?.(request)
      return response instanceof Response && response.type !== 'error' ? response : null
    } catch (thrown) {
      console.error(thrown)
      return null
    }
  }
}

/** `session.defaultSession`. What it decides is put to Chromium, so that the page meets it. */
export class StandInSession extends EventEmitter {
  #beforeRequest: BeforeRequest | null = null
  #permissionHandler: PermissionHandler | null = null
  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest): void => {
      this.#beforeRequest = listener
    },
  }

  setPermissionRequestHandler(handler: PermissionHandler): void {
    this.#permissionHandler = handler
  }

  setPermissionCheckHandler(): void {}

  setDevicePermissionHandler(): void {}

  /** Whether the request may be made. */
  allows(url: string): Promise<boolean> {
    const listener = this.#beforeRequest
    if (listener === null) return Promise.resolve(true)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    listener({ url: toShell(url) }, ({ cancel }) => resolve(cancel !== true))
    return promise
  }

  async applyTo(protocol: DebuggingProtocol): Promise<void> {
    for (const name of permissions) {
      const setting = (await this.#decide(name)) ? 'granted' : 'denied'
      await protocol
        .send('Browser.setPermission', { permission: { name: chromiumNames[name] ?? name }, setting })
        .catch(() => {})
    }
    await protocol.send('Browser.setDownloadBehavior', {
      behavior: 'allowAndName',
      downloadPath: '/tmp',
      eventsEnabled: true,
    })
    protocol.on('Browser.downloadWillBegin', ({ guid, url }) => {
      const event = preventable()
      this.emit('will-download', event, { getURL: () => toShell(String(url)) })
      if (event.defaultPrevented) void protocol.send('Browser.cancelDownload', { guid })
    })
  }

  /** Without a handler Electron grants everything. */
  #decide(permission: string): Promise<boolean> {
    const handler = this.#permissionHandler
    if (handler === null) return Promise.resolve(true)
    return new Promise(resolve => handler(null, permission, resolve))
  }
}
