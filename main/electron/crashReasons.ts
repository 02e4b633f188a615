/** What of `child-process-gone` is used. */
export type GoneProcess = { readonly reason: string; readonly exitCode: number; readonly name?: string }

/** Chromium's reasons in words that say what to look at. */
const words: Readonly<Record<string, string>> = {
  oom: 'ran out of memory',
  killed: 'was killed from outside',
  crashed: 'crashed',
  'launch-failed': 'could not be started',
  'integrity-failure': 'was refused by code integrity checks',
  'memory-eviction': 'was ended to spare memory',
}

const keptReasons = 64

/** Why child processes went, by their names, as Chromium tells it beside their exit. */
export class CrashReasons {
  readonly #reasons = new Map<string, string>()

  note({ reason, exitCode, name }: GoneProcess): void {
    const told = words[reason]
    if (name === undefined || told === undefined) return
    this.#reasons.set(name, `${told} (exit code ${exitCode})`)
    const oldest = this.#reasons.keys().next().value
    if (this.#reasons.size > keptReasons && oldest !== undefined) this.#reasons.delete(oldest)
  }

  /** Empty where nothing was told of a process of that name. */
  reasonOf(name: string): string {
    return this.#reasons.get(name) ?? ''
  }
}
