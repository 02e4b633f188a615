/** What is drawn within one frame before the rest waits for the next; leaves room for input and layout. */
const budgetMs = 6

type Clock = {
  readonly requestFrame: (callback: () => void) => unknown
  readonly now: () => number
}

const browserClock: Clock = {
  requestFrame: callback => requestAnimationFrame(callback),
  now: () => performance.now(),
}

/**
 * Draws charts one after another, as many per frame as fit a budget and at least one, so that several charts that
 * change at once never make one long task. A chart that asks again before its turn is drawn once, in its last form.
 */
export function createDrawQueue(clock: Clock = browserClock) {
  const waiting = new Map<object, () => void>()
  let asked = false

  const run = () => {
    asked = false
    const start = clock.now()
    for (const [chart, draw] of waiting) {
      waiting.delete(chart)
      draw()
      if (clock.now() - start >= budgetMs) break
    }
    if (waiting.size > 0) ask()
  }
  const ask = () => {
    if (asked) return
    asked = true
    clock.requestFrame(run)
  }
  return {
    add(chart: object, draw: () => void): void {
      waiting.set(chart, draw)
      ask()
    },
    drop(chart: object): void {
      waiting.delete(chart)
    },
  }
}

export const drawQueue = createDrawQueue()
