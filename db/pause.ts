/** Sleeps without letting anything else of this thread run, as what is synchronous must. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
