import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { type Deeds, deedsSchema, type Order, type Question, saidSchema } from './electronStandIn/control.ts'

const root = join(import.meta.dirname, '..')
/** `node --import` this: `electron` is the stand-in. */
const standInRegister = join(import.meta.dirname, 'electronStandIn', 'register.ts')

/** How a person answers a dialog: a path, the index of a button, or nothing. */
export type Answer = (question: Question) => unknown

export type StandInLaunch = {
  readonly dataFolder: string
  readonly environment?: NodeJS.ProcessEnv
  readonly args?: readonly string[]
  /** The entry of the main process; the built one unless told otherwise. */
  readonly entry?: string
}

/** The built desktop shell, started under the stand-in of Electron. */
export class DesktopStandIn {
  readonly process: ChildProcess
  /** Everything it asked a person, errors included. */
  readonly questions: Question[] = []
  readonly ended: Promise<number | null>
  answer: Answer = () => undefined
  readonly #window = Promise.withResolvers<{ endpoint: string; targetId: string }>()
  readonly #replies = new Map<number, (value: unknown) => void>()
  #lastId = 0
  stderr = ''

  constructor({ dataFolder, environment = {}, args = [], entry }: StandInLaunch) {
    const main = entry ?? join(root, 'out', 'main', 'index.js')
    this.process = spawn(process.execPath, ['--import', standInRegister, main, ...args], {
      cwd: root,
      env: { ...process.env, DMABUF_LAB_HOME: dataFolder, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Killed with Chromium, as one group, whatever happens to it.
      detached: true,
    })
    this.process.stderr?.on('data', chunk => {
      this.stderr += String(chunk)
    })
    this.process.on('message', message => this.#hear(message))
    // What it said last may come after its end: all is heard once the channel is closed.
    const heard = once(this.process, 'disconnect')
    this.ended = once(this.process, 'exit').then(async ([code]) => {
      await heard
      return code
    })
    this.#window.promise.catch(() => {})
    void this.ended.then(code =>
      this.#window.reject(new Error(`the stand-in ended with ${code}: ${this.stderr.slice(-4000)}`)),
    )
  }

  /** The page of its window, through Chromium's debugging protocol. */
  async firstWindow(): Promise<{ readonly page: Page; readonly disconnect: () => Promise<void> }> {
    const { endpoint, targetId } = await this.#window.promise
    const browser = await chromium.connectOverCDP(endpoint)
    for (;;) {
      for (const page of browser.contexts().flatMap(context => context.pages())) {
        const session = await page.context().newCDPSession(page)
        const { targetInfo } = await session.send('Target.getTargetInfo')
        await session.detach()
        if (targetInfo.targetId !== targetId) continue
        await page.waitForURL(/lab-stand-in/)
        return { page, disconnect: () => browser.close() }
      }
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  /** One that has ended does as it pleases: a question of its last moment needs no answer. */
  order(order: Order): void {
    this.process.send(order, () => {})
  }

  /** What the shell asked of the platform so far. */
  async look(): Promise<Deeds> {
    return deedsSchema.parse(await this.#ask(id => ({ type: 'look', id })))
  }

  async clickMenu(...path: string[]): Promise<void> {
    await this.#ask(id => ({ type: 'menu', id, path }))
  }

  /** Ends it as a person does, answering that a run may be interrupted. */
  async quit(): Promise<number | null> {
    this.answer = ({ dialog }) => (dialog === 'message' ? 1 : undefined)
    if (this.process.exitCode === null && this.process.signalCode === null) this.order({ type: 'quit' })
    return this.ended
  }

  /** Leaves nothing behind, whatever state it is in. */
  kill(): void {
    try {
      if (this.process.pid !== undefined) process.kill(-this.process.pid, 'SIGKILL')
    } catch {
      // Gone with its group.
    }
  }

  #ask(order: (id: number) => Order): Promise<unknown> {
    const id = ++this.#lastId
    if (!this.process.connected) throw new Error('the stand-in has ended')
    const { promise, resolve } = Promise.withResolvers<unknown>()
    this.#replies.set(id, resolve)
    this.order(order(id))
    return promise
  }

  #hear(message: unknown): void {
    const said = saidSchema.safeParse(message)
    if (!said.success) return
    if (said.data.type === 'window') this.#window.resolve(said.data)
    else if (said.data.type === 'reply') this.#replies.get(said.data.id)?.(said.data.value)
    else {
      this.questions.push(said.data)
      this.order({ type: 'answer', id: said.data.id, value: this.answer(said.data) })
    }
  }
}
