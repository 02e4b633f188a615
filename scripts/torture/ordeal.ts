/** What an ordeal did and what came of it. The last three are to stay 0. */
export type Counts = {
  kills: number
  inputs: number
  /** Acknowledged samples that are not in the store, or not as they were; figures that changed without a word. */
  lost: number
  /** Faults that nobody foresaw: a crash, an `internal` error, an input that takes too long. */
  crashed: number
  /** Processes that outlived their lab, and files that belong to nobody. */
  left: number
}

export type OrdealResult = { readonly counts: Counts; readonly findings: readonly string[] }

export type OrdealTask = {
  /** When to stop, on the clock of `performance.now()`. */
  readonly deadlineMs: number
  readonly random: () => number
  /** A folder of the ordeal's own; removed by the caller. */
  readonly scratch: string
  /** Makes the fault that the ordeal is there to find, to prove that it would. */
  readonly planted: boolean
}

export type Ordeal = {
  readonly name: string
  /** How much of the minutes it gets, beside the others. */
  readonly share: number
  /** What it counts when its fault is planted. */
  readonly finds: readonly (keyof Counts)[]
  /** Why it cannot be tried here; `null` where it can. */
  readonly missing: () => string | null
  readonly run: (task: OrdealTask) => Promise<OrdealResult>
}

export const noCounts = (): Counts => ({ kills: 0, inputs: 0, lost: 0, crashed: 0, left: 0 })

export function isWhole({ lost, crashed, left }: Counts): boolean {
  return lost + crashed + left === 0
}

export function addCounts(all: readonly Counts[]): Counts {
  const sum = noCounts()
  for (const counts of all) {
    sum.kills += counts.kills
    sum.inputs += counts.inputs
    sum.lost += counts.lost
    sum.crashed += counts.crashed
    sum.left += counts.left
  }
  return sum
}

/** One of the values, or `undefined` of none. */
export function pick<T>(values: readonly T[], random: () => number): T | undefined {
  return values[Math.floor(random() * values.length)]
}

/** A whole number from `least` to `most`. */
export function between(least: number, most: number, random: () => number): number {
  return least + Math.floor(random() * (most - least + 1))
}
