import { StringDecoder } from 'node:string_decoder'

const keptCharacters = 2000

export type EngineStderr = {
  /** Its last line that names an error, else its last line. */
  readonly lastWords: () => string
  /** Takes a piece that the stream's own listener did not get. */
  readonly hear: (chunk: Buffer) => void
  /** As much of its end as is kept. */
  readonly tail: () => string
}

/** Follows what a process writes to stderr. */
export function followStderr(stderr: NodeJS.ReadableStream | null): EngineStderr {
  const decoder = new StringDecoder('utf8')
  let tail = ''
  const hear = (chunk: Buffer) => {
    tail = (tail + decoder.write(chunk)).slice(-keptCharacters)
  }
  stderr?.on('data', hear)
  return {
    hear,
    lastWords: () => {
      const lines = tail.split('\n').filter(line => line.trim() !== '')
      return (lines.findLast(line => /error/i.test(line)) ?? lines.at(-1) ?? '').trim()
    },
    tail: () => tail.trim(),
  }
}
