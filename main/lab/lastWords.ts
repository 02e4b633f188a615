import { StringDecoder } from 'node:string_decoder'

const keptCharacters = 2000

/** The end of what a process says on its stderr. */
export type LastWords = {
  /** Takes a piece that the stream's own listener did not get. */
  readonly hear: (chunk: Buffer) => void
  /** The last line that names an error, else the last line. */
  readonly words: () => string
}

export function lastWordsOf(stderr: NodeJS.ReadableStream | null): LastWords {
  const decoder = new StringDecoder('utf8')
  let tail = ''
  const hear = (chunk: Buffer) => {
    tail = (tail + decoder.write(chunk)).slice(-keptCharacters)
  }
  stderr?.on('data', hear)
  return {
    hear,
    words: () => {
      const lines = tail.split('\n').filter(line => line.trim() !== '')
      return (lines.findLast(line => /error/i.test(line)) ?? lines.at(-1) ?? '').trim()
    },
  }
}
