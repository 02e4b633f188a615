/** A shuffled copy: Fisher-Yates, every order as likely as any other. `random` gives numbers in [0, 1). */
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
