import type { BytesDone } from '../targets/target.ts'

const everyMs = 100

/** Passes on the first of many reports, the last, and at most ten a second between. */
export function pacedBytes(report: BytesDone): BytesDone {
  let lastAt = Number.NEGATIVE_INFINITY
  return (doneBytes, totalBytes) => {
    const now = performance.now()
    if (now - lastAt < everyMs && doneBytes < totalBytes) return
    lastAt = now
    report(doneBytes, totalBytes)
  }
}
