import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as delay } from 'node:timers/promises'
import { logFiles } from './logFile.ts'

const chunkBytes = 64 * 1024
const pollMs = 300

/** A file of the log that is read as it grows; it stays the same when it is put away under another name. */
class GrowingFile {
  readonly inode: number
  readonly #descriptor: number
  readonly #chunk = Buffer.alloc(chunkBytes)
  readonly #decoder = new StringDecoder('utf8')
  #held = ''

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r')
    this.inode = fstatSync(this.#descriptor).ino
  }

  /** The whole lines that were not read yet. */
  *lines(): Generator<string> {
    for (let bytes = this.#read(); bytes > 0; bytes = this.#read()) {
      const lines = (this.#held + this.#decoder.write(this.#chunk.subarray(0, bytes))).split('\n')
      this.#held = lines.pop() ?? ''
      yield* lines
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #read(): number {
    return readSync(this.#descriptor, this.#chunk)
  }
}

/** Every line of the log, oldest first; then, where `until` is given, each new one until it is aborted. */
export async function* logLines(folder: string, until?: AbortSignal): AsyncGenerator<string> {
  // All are opened first: one that is put away meanwhile is neither missed nor read twice.
  const files = logFiles(folder).flatMap(open)
  let last = files.at(-1)
  try {
    for (const file of files) yield* file.lines()
    while (until?.aborted === false) {
      const path = logFiles(folder).at(-1)
      if (path !== undefined && statSync(path, { throwIfNoEntry: false })?.ino !== last?.inode) {
        // What was written to the old one before it was put away comes first.
        if (last !== undefined) yield* last.lines()
        last = open(path)[0] ?? last
        if (last !== undefined && !files.includes(last)) files.push(last)
      }
      if (last !== undefined) yield* last.lines()
      await delay(pollMs, undefined, { signal: until }).catch(() => {})
    }
  } finally {
    for (const file of files) file.close()
  }
}

/** None where the file went meanwhile. */
function open(path: string): GrowingFile[] {
  try {
    return [new GrowingFile(path)]
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return []
    throw thrown
  }
}
