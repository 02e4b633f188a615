import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Deeds } from './control.ts'

/** An event that a listener may prevent. */
export function preventable() {
  const event = {
    defaultPrevented: false,
    preventDefault: () => {
      event.defaultPrevented = true
    },
  }
  return event
}

export type QuittableWindow = {
  /** Whether a listener kept it open. */
  readonly tryClose: () => boolean
  readonly destroy: () => void
}

const lockName = 'stand-in.lock'
const startPattern = /^stand-in-start-\d+\.json$/

/** `app`: starting, quitting and the single instance, as shell/browser/browser.cc has them. */
export class StandInApp extends EventEmitter {
  readonly isPackaged = process.env.DMABUF_LAB_STAND_IN_RESOURCES !== undefined
  readonly name = 'dmabuf-lab'
  readonly windows = new Set<QuittableWindow>()
  readonly #paths = new Map<string, string>()
  readonly #deeds: Deeds
  readonly #ready = Promise.withResolvers<void>()
  #isReady = false
  #quitting = false
  #exiting = false
  #shutDown = false
  #exitCode = 0

  constructor(deeds: Deeds) {
    super()
    this.#deeds = deeds
  }

  isReady(): boolean {
    return this.#isReady
  }

  whenReady(): Promise<void> {
    return this.#ready.promise
  }

  /** Of the stand-in alone: Chromium is there. */
  becomeReady(): void {
    this.#isReady = true
    this.#ready.resolve()
    this.emit('ready', preventable(), {})
  }

  getPath(name: string): string {
    const own = this.#paths.get(name)
    if (own !== undefined) return own
    if (name === 'userData') return join(homedir(), '.config', this.name)
    if (name === 'crashDumps') return join(this.getPath('userData'), 'Crashpad')
    if (name === 'temp') return tmpdir()
    if (name === 'documents') return join(homedir(), 'Documents')
    throw new Error(`Failed to get '${name}' path`)
  }

  /** docs/api/app.md: the folder must be there, and userData is set before `ready`. */
  setPath(name: string, path: string): void {
    if (!existsSync(path)) throw new Error(`Failed to set path`)
    if (name === 'userData' && this.#isReady) throw new Error('userData is set before the app is ready')
    this.#paths.set(name, path)
  }

  setAppUserModelId(): void {}

  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
    this.#deeds.sandboxed = true
  }

  setAsDefaultProtocolClient(scheme: string): boolean {
    this.#deeds.protocolClients.push(scheme)
    return true
  }

  addRecentDocument(path: string): void {
    this.#deeds.recentDocuments.push(path)
  }

  /** The lock belongs to userData (ProcessSingleton); a second start hands its data to the first one. */
  requestSingleInstanceLock(data: unknown = {}): boolean {
    const folder = this.getPath('userData')
    mkdirSync(folder, { recursive: true })
    const lock = join(folder, lockName)
    if (existsSync(lock) && isAlive(Number(readFileSync(lock, 'utf8')))) {
      const start = { argv: process.argv, workingDirectory: process.cwd(), data }
      const told = join(folder, `stand-in-start-${process.pid}.json`)
      // The first one looks all the time, and is not to find half of it.
      writeFileSync(`${told}.partial`, JSON.stringify(start))
      renameSync(`${told}.partial`, told)
      return false
    }
    writeFileSync(lock, String(process.pid))
    process.on('exit', () => rmSync(lock, { force: true }))
    void this.#ready.promise.then(() => setInterval(() => this.#hearStarts(folder), 100).unref())
    return true
  }

  quit(): void {
    if (this.#quitting) return
    const event = preventable()
    this.emit('before-quit', event)
    this.#quitting = !event.defaultPrevented
    if (!this.#quitting) return
    if (this.windows.size === 0) this.#notifyAndShutDown()
    else for (const window of [...this.windows]) if (window.tryClose()) this.#quitting = false
  }

  exit(code = 0): void {
    this.#exitCode = code
    this.#quitting = true
    this.#exiting = true
    if (this.windows.size === 0) this.#end()
    else for (const window of [...this.windows]) window.destroy()
  }

  /** Browser::OnWindowAllClosed. */
  windowClosed(window: QuittableWindow): void {
    this.windows.delete(window)
    if (this.windows.size > 0) return
    if (this.#exiting) this.#end()
    else if (this.#quitting) this.#notifyAndShutDown()
    else if (!this.emit('window-all-closed')) this.quit()
  }

  #notifyAndShutDown(): void {
    if (this.#shutDown) return
    const event = preventable()
    this.emit('will-quit', event)
    if (event.defaultPrevented) this.#quitting = false
    else this.#end()
  }

  #end(): void {
    if (this.#shutDown) return
    this.#shutDown = true
    this.emit('quit', preventable(), this.#exitCode)
    process.exit(this.#exitCode)
  }

  #hearStarts(folder: string): void {
    for (const name of readdirSync(folder).filter(each => startPattern.test(each))) {
      const file = join(folder, name)
      const { argv, workingDirectory, data } = JSON.parse(readFileSync(file, 'utf8'))
      rmSync(file)
      this.emit('second-instance', preventable(), argv, workingDirectory, data)
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
