/** A hidden page gets no frames; what arrives meanwhile is handed over this often, so that it does not pile up. */
const hiddenMs = 1000

/** Calls back at the next animation frame, or after a while where none comes. */
export function nextFrameOrLater(
  callback: () => void,
  requestFrame: (callback: () => void) => unknown = requestAnimationFrame,
): void {
  let called = false
  const callOnce = () => {
    if (called) return
    called = true
    clearTimeout(timer)
    callback()
  }
  const timer = setTimeout(callOnce, hiddenMs)
  requestFrame(callOnce)
}

/**
 * Collects what arrives between two animation frames and hands it over once per frame, so that a stream of samples
 * costs at most one rendering per frame.
 */
export function batchPerFrame<T>(
  deliver: (items: readonly T[]) => void,
  requestFrame: (callback: () => void) => unknown = nextFrameOrLater,
): (item: T) => void {
  let waiting: T[] = []
  return item => {
    waiting.push(item)
    if (waiting.length > 1) return
    requestFrame(() => {
      const items = waiting
      waiting = []
      deliver(items)
    })
  }
}
