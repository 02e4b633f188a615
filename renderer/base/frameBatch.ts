/**
 * Collects what arrives between two animation frames and hands it over once per frame, so that a stream of samples
 * costs at most one rendering per frame.
 */
export function batchPerFrame<T>(
  deliver: (items: readonly T[]) => void,
  requestFrame: (callback: () => void) => unknown = requestAnimationFrame,
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
