import type { Question } from './pageCare.ts'

type Preventable = { readonly preventDefault: () => void }

/** What of Electron's app is used to quit. */
export type QuittableApp = {
  on(event: 'before-quit', listener: (event: Preventable) => void): unknown
  on(event: 'will-quit', listener: (event: Preventable) => void): unknown
  readonly quit: () => void
  readonly exit: (code?: number) => void
}

export type ClosableWindow = { on(event: 'close', listener: (event: Preventable) => void): unknown }

export type QuitParts = {
  /** How many runs are under way. */
  readonly running: () => number
  readonly ask: (question: Question) => Promise<number>
  /** Interrupts what runs, keeping what was measured, and closes the store. */
  readonly close: () => Promise<void>
}

/** An engine or a disk that hangs must not hold the application. What is stored is safe without a clean end. */
const deadlineMs = 10_000

/** Quitting asks while something is measured, then lets the lab close in order, for a while. */
export class Quitting {
  readonly #app: QuittableApp
  readonly #parts: QuitParts
  #decided = false
  #asking = false
  #closing = false

  constructor(app: QuittableApp, parts: QuitParts) {
    this.#app = app
    this.#parts = parts
    app.on('before-quit', event => this.#hold(event))
    app.on('will-quit', event => this.#closeFirst(event))
  }

  /** Closing the window is quitting: it asks before the window is gone. */
  guard(window: ClosableWindow): void {
    window.on('close', event => this.#hold(event))
  }

  /** The machine goes down, or a signal came: nobody is there to answer. */
  quitUnasked(): void {
    this.#decided = true
    this.#app.quit()
  }

  #hold(event: Preventable): void {
    if (this.#decided || this.#parts.running() === 0) return
    event.preventDefault()
    if (!this.#asking) void this.#ask()
  }

  async #ask(): Promise<void> {
    this.#asking = true
    const runs = this.#parts.running()
    const answer = await this.#parts.ask({
      message: runs === 1 ? 'A run is under way.' : `${runs} runs are under way.`,
      detail: 'What was measured is kept, and an interrupted run can be resumed.',
      buttons: ['Keep measuring', 'Interrupt and quit'],
    })
    this.#asking = false
    if (answer === 1) this.quitUnasked()
  }

  #closeFirst(event: Preventable): void {
    event.preventDefault()
    if (this.#closing) return
    this.#closing = true
    const late = setTimeout(() => {
      console.error('the lab did not close in time')
      this.#app.exit(1)
    }, deadlineMs)
    this.#parts.close().then(
      () => {
        clearTimeout(late)
        this.#app.exit(0)
      },
      (thrown: unknown) => {
        console.error(`the lab did not close in order: ${String(thrown)}`)
        this.#app.exit(1)
      },
    )
  }
}
