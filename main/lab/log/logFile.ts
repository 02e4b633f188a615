import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../../../contract/error.ts'
import { MiB } from '../../../contract/size.ts'

const currentName = 'lab.log'
const olderName = /^lab-.+\.log$/

export type LogLimits = {
  /** A file that would grow beyond this is put away. */
  readonly fileBytes: number
  /** What is put away is kept up to this, newest first. */
  readonly olderBytes: number
}
const defaultLimits: LogLimits = { fileBytes: 8 * MiB, olderBytes: 24 * MiB }

/**
 * The log of every lab on a data folder: each line is one write to the end of the file (O_APPEND), so the lines of
 * several labs never mix. Never fails: what cannot be written is counted, and the count is written once it can be.
 */
export class LogFile {
  readonly folder: string
  readonly #limits: LogLimits
  #descriptor: number | null = null
  #lostLines = 0
  #lostWhy = ''
  #isTorn = false
  #putAwayCount = 0

  constructor(folder: string, limits = defaultLimits) {
    this.folder = folder
    this.#limits = limits
  }

  get path(): string {
    return join(this.folder, currentName)
  }

  /** Whether the last line was kept. */
  get isKept(): boolean {
    return this.#lostLines === 0
  }

  /** `line` ends without a newline and holds none. */
  append(line: string): void {
    const lost = this.#lostLines === 0 ? '' : `${this.#lostLines} lines were lost: ${this.#lostWhy}\n`
    try {
      this.#write(Buffer.from(`${this.#isTorn ? '\n' : ''}${lost}${line}\n`))
      this.#lostLines = 0
    } catch (thrown) {
      this.#lostLines += 1
      this.#lostWhy = reasonOf(thrown)
      this.close()
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
  }

  #write(line: Buffer): void {
    let descriptor = this.#current()
    const { size } = fstatSync(descriptor)
    if (size > 0 && size + line.length > this.#limits.fileBytes) {
      this.#putAway(fstatSync(descriptor).ino)
      descriptor = this.#current()
    }
    const written = writeSync(descriptor, line)
    this.#isTorn = written < line.length
    // A full disk takes a part; the rest of the line is lost, and the next one begins anew.
    if (this.#isTorn) throw new Error('no space is left')
  }

  /** The open file, unless another lab has put it away. */
  #current(): number {
    const onDisk = statSync(this.path, { throwIfNoEntry: false })
    if (this.#descriptor !== null && onDisk?.ino !== fstatSync(this.#descriptor).ino) this.close()
    this.#descriptor ??= this.#open()
    return this.#descriptor
  }

  #open(): number {
    unless('EEXIST', () => mkdirSync(this.folder, { mode: 0o700 }))
    const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
    const descriptor = openSync(this.path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
    if (fstatSync(descriptor).isFile()) return descriptor
    closeSync(descriptor)
    throw new Error(`${this.path} is no regular file`)
  }

  /**
   * Renames the file `inode` and removes what is too old. Two labs that do so in the same moment put a short file away
   * at worst, which costs the older ones nothing: they are kept by their bytes.
   */
  #putAway(inode: number): void {
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
    // Two may be put away in one millisecond, and a name in use would be overwritten.
    const name = `lab-${stamp}-${process.pid}-${++this.#putAwayCount}.log`
    // Where another lab has just done so there may be none of that name.
    if (statSync(this.path, { throwIfNoEntry: false })?.ino === inode) {
      unless('ENOENT', () => renameSync(this.path, join(this.folder, name)))
    }
    this.close()
    let bytes = 0
    for (const path of olderFiles(this.folder).reverse()) {
      bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0
      if (bytes > this.#limits.olderBytes) rmSync(path, { force: true })
    }
  }
}

/** Does it, unless that error says that another lab was faster. */
function unless(code: string, work: () => void): void {
  try {
    work()
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === code)) throw thrown
  }
}

/** The files that were put away, oldest first. */
function olderFiles(folder: string): string[] {
  const names = readdirSync(folder).filter(name => olderName.test(name))
  return names.sort().map(name => join(folder, name))
}

/** Every file of the log that is there, oldest first. */
export function logFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const current = join(folder, currentName)
  return [...olderFiles(folder), ...(existsSync(current) ? [current] : [])]
}
