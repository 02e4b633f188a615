import { StringDecoder } from 'node:string_decoder'

const keptCharacters = 2000

/** Follows a process's stderr; answers with its last line that names an error, else its last line. */
export function lastWordsOf(stderr: NodeJS.ReadableStream | null): () => string {
  const decoder = new StringDecoder('utf8')
  let tail = ''
  stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + decoder.write(chunk)).slice(-keptCharacters)
  })
  return () => {
    const lines = tail.split('\n').filter(line => line.trim() !== '')
    return (lines.findLast(line => /error/i.test(line)) ?? lines.at(-1) ?? '').trim()
  }
}
