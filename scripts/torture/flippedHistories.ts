// Flips bits of a history and reads it, again and again, and prints for each what is wrong with that as a line of JSON.
// node flippedHistories.ts <database as it is> <database to damage> <scratch folder> < <lists of bits as JSON>
import { readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { checkStore, isSound } from '../../db/storeCheck.ts'
import { type ReadHistory, readHistory } from './readHistory.ts'

/** `null`: what was read is what was stored, or it was said that it is not. */
export const wrongSchema = z.strictObject({ text: z.string(), crashed: z.boolean() }).nullable()
export type Wrong = z.infer<typeof wrongSchema>

/** Lists are made of all runs: what is said of one of them is a word about the list. */
const isList = (part: string) => /^(the|folders) |, (what a resumed|its number|its cells)/.test(part)

class Flipping {
  readonly #whole: Buffer
  readonly #file: string
  readonly #truth: ReadHistory

  constructor(truth: string, whole: string, scratch: string) {
    this.#whole = readFileSync(whole)
    this.#file = join(scratch, 'lab.db')
    this.#write(readFileSync(truth))
    this.#truth = readHistory(this.#file)
    if (this.#truth.parts.size === 0) throw new Error('the history cannot be read before it is damaged')
  }

  wrongAfter(bits: readonly number[]): Wrong {
    const bytes = Buffer.from(this.#whole)
    for (const bit of bits) bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    this.#write(bytes)
    const read = readHistory(this.#file)
    if (read.fault !== null) return { text: `internal: ${read.fault}`, crashed: true }
    const other = this.#differences(read)
    const [first] = other.filter(part => !isList(part) || !this.#isTold(read, bytes))
    if (first === undefined) return null
    return { text: `${first}, without a word: ${this.#changeOf(first, read)}`, crashed: false }
  }

  #differences({ parts }: ReadHistory): string[] {
    if (parts.size === 0 || parts.get('the list of runs') === null) return []
    const names = new Set([...this.#truth.parts.keys(), ...parts.keys()])
    return [...names].filter(name => {
      const value = parts.get(name)
      // What a damaged run holds is not asked for.
      if (value === undefined) return !this.#isToldOfRun(parts, name)
      // A deleted run that is in sight again says that its labels are damaged, among them that it was deleted.
      if (!this.#truth.parts.has(name)) return value !== null && !this.#isToldOfRun(parts, name)
      return value !== null && value !== this.#truth.parts.get(name)
    })
  }

  #changeOf(part: string, read: ReadHistory): string {
    const [before = '', after = ''] = [this.#truth, read].map(({ parts }) => parts.get(part) ?? 'nothing')
    const at = [...before].findIndex((letter, place) => letter !== after[place])
    const [was, is] = [before, after].map(text => text.slice(Math.max(0, at - 40), at + 40))
    return `${was} became ${is}`
  }

  #isToldOfRun(parts: ReadHistory['parts'], name: string): boolean {
    const run = /run \d+/.exec(name)?.[0]
    if (run === undefined) return false
    // A sample that is told as damaged may be told under another place.
    const isWordOf = (part: string) => part === run || /sample/.test(part)
    return [...parts].some(([part, value]) => value === null && part.startsWith(run) && isWordOf(part))
  }

  /** At once, or by the look at the whole database that a lab takes by itself. */
  #isTold(read: ReadHistory, bytes: Buffer): boolean {
    if ([...read.parts.values()].includes(null)) return true
    this.#write(bytes)
    try {
      return !isSound(checkStore(this.#file))
    } catch {
      return true
    }
  }

  #write(bytes: Buffer): void {
    for (const suffix of ['-wal', '-shm']) rmSync(this.#file + suffix, { force: true })
    writeFileSync(this.#file, bytes)
  }
}

if (import.meta.main) {
  const [truth = '', whole = '', scratch = ''] = process.argv.slice(2)
  const flipping = new Flipping(truth, whole, scratch)
  for (const bits of z.array(z.array(z.number())).parse(JSON.parse(readFileSync(0, 'utf8'))))
    writeSync(1, `${JSON.stringify(flipping.wrongAfter(bits))}\n`)
}
