/** What of a window is used to care for its page. */
export type PageWindow = {
  readonly webContents: {
    on(event: 'render-process-gone', listener: (event: unknown, details: GonePage) => void): unknown
    readonly reload: () => void
    readonly forcefullyCrashRenderer: () => void
  }
  on(event: 'unresponsive', listener: () => void): unknown
  on(event: 'responsive', listener: () => void): unknown
  readonly isDestroyed: () => boolean
}

export type GonePage = { readonly reason: string; readonly exitCode: number }

export type Question = {
  readonly message: string
  readonly detail: string
  /** The first does no harm: Enter and Escape choose it. */
  readonly buttons: readonly string[]
  /** Takes the question back. */
  readonly signal?: AbortSignal
}

export type PageHelpers = {
  /** Resolves with the index of the button. */
  readonly ask: (question: Question) => Promise<number>
  readonly quit: () => void
}

/** A page that dies this often in a minute is not helped by another start. */
const crashLimit = 3
const crashWindowMs = 60_000

/**
 * A page that crashed is loaded again: it holds nothing that the lab does not hold, and the run goes on meanwhile. One
 * that hangs is loaded again when the person says so.
 */
export function careForPage(window: PageWindow, { ask, quit }: PageHelpers): void {
  const { webContents } = window
  let crashes: number[] = []
  let taken = new AbortController()
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    console.error(`the page's process is gone: ${reason}, exit code ${exitCode}`)
    const now = performance.now()
    crashes = [...crashes.filter(at => now - at < crashWindowMs), now]
    if (crashes.length < crashLimit) webContents.reload()
    else void askAfterCrashes()
  })
  window.on('unresponsive', () => void askWhileHanging())
  window.on('responsive', () => taken.abort())

  async function askAfterCrashes(): Promise<void> {
    const answer = await ask({
      message: `The page crashed ${crashLimit} times within a minute.`,
      detail: 'Runs that are under way go on, and every sample is kept.',
      buttons: ['Load it again', 'Quit'],
    })
    crashes = []
    if (answer === 0) webContents.reload()
    else quit()
  }

  async function askWhileHanging(): Promise<void> {
    taken = new AbortController()
    const answer = await ask({
      message: 'The page does not answer.',
      detail: 'Runs that are under way go on, and every sample is kept.',
      buttons: ['Wait', 'Load it again'],
      signal: taken.signal,
    })
    if (answer !== 1 || taken.signal.aborted) return
    // A page that hangs does not reload: its process has to go first, and then it is loaded as one that crashed.
    webContents.forcefullyCrashRenderer()
  }
}
