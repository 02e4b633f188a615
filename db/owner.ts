import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { HeldLock, lockStateOf, mayBeLockedElsewhere, removeIfFree } from './heldLock.ts'

/** Which lab measures something: the name of the lock that it holds, and where it ran, for words. */
export type Owner = {
  readonly pid: number
  readonly bootId: string | null
  /** Name of the lock's file beside the database; `null` in what a lab stored that held none. */
  readonly lock: string | null
}

/** An owner that holds its lock. */
export type HeldOwner = Owner & { readonly lock: string }

const lockSuffix = '.owner-'

/** The labs that own runs of one database, this process among them. */
export class Owners {
  readonly #database: string
  #held: HeldLock | null = null

  constructor(database: string) {
    this.#database = database
  }

  /** This process, which holds its lock from now on. */
  self(): HeldOwner {
    this.#held ??= this.#takeLock()
    return { pid: process.pid, bootId: bootId(), lock: basename(this.#held.file) }
  }

  isSelf({ lock }: Owner): boolean {
    return this.#held !== null && lock === basename(this.#held.file)
  }

  /** What cannot be told is taken for alive: two runs would measure each other. */
  isAlive(owner: Owner): boolean {
    return this.lifeOf(owner) !== 'dead'
  }

  /** `unknown` without a lock of its own or the right to look at it, and where other hosts may hold or have left one. */
  lifeOf(owner: Owner): 'alive' | 'dead' | 'unknown' {
    const bootedSince = owner.bootId !== null && owner.bootId !== bootId()
    if (owner.lock === null) return bootedSince ? 'dead' : 'unknown'
    if (this.isSelf(owner)) return 'alive'
    const file = join(dirname(this.#database), owner.lock)
    switch (lockStateOf(file)) {
      case 'held':
        return mayBeLockedElsewhere(file) ? 'unknown' : 'alive'
      case 'unknown':
        return 'unknown'
      case 'missing':
        return bootedSince ? 'dead' : 'unknown'
      case 'free':
        return bootedSince && mayBeLockedElsewhere(file) ? 'unknown' : 'dead'
    }
  }

  /** This lab goes: what it leaves running is found dead by the next one. */
  release(): void {
    this.#held?.release()
    this.#held = null
  }

  /** Removes the files of locks that nobody holds and that are not among the `named`. */
  sweep(named: ReadonlySet<string>): void {
    const prefix = basename(this.#database) + lockSuffix
    const folder = dirname(this.#database)
    const left = readdirSync(folder).filter(name => name.startsWith(prefix) && !named.has(name))
    for (const name of left) removeIfFree(join(folder, name))
  }

  #takeLock(): HeldLock {
    for (;;) {
      const lock = HeldLock.take(`${this.#database}${lockSuffix}${randomBytes(8).toString('hex')}`)
      if (lock !== null) return lock
    }
  }
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}
