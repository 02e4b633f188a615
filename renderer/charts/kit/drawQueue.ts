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

/** `isNew`: the chart's canvas is new in the page. */
type Waiting = { readonly draw: () => void; readonly isNew: boolean }

/**
 * Draws charts one after another, as many per frame as fit a budget and at least one, so that several charts that
 * change at once never make one long task. A chart that asks again before its turn is drawn once, in its last form. A
 * new one lets a frame pass: that frame has the layout of its page to do.
 */
export function createDrawQueue(clock: Clock = browserClock) {
  const waiting = new Map<object, Waiting>()
  let asked = false

  const run = () => {
    asked = false
    const start = clock.now()
    for (const [chart, { draw, isNew }] of [...waiting]) {
      if (isNew) {
        waiting.set(chart, { draw, isNew: false })
        continue
      }
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
    add(chart: object, draw: () => void, isNew = false): void {
      waiting.set(chart, { draw, isNew: waiting.get(chart)?.isNew ?? isNew })
      ask()
    },
    drop(chart: object): void {
      waiting.delete(chart)
    },
  }
}

export const drawQueue = createDrawQueue()
