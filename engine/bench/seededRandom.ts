/** A generator of doubles in [0, 1) that a 32-bit seed fixes for ever: mulberry32, enough to shuffle with. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A shuffled copy: Fisher-Yates, every order as likely as any other. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result: T[] = []
  for (const [i, item] of items.entries()) {
    const at = Math.floor(random() * (i + 1))
    const displaced = result[at]
    if (displaced !== undefined) result.push(displaced)
    result[at] = item
  }
  return result
}
