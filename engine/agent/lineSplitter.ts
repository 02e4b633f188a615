import { fail } from '../../contract/error.ts'

/** The protocol's longest line, in bytes without its newline. */
export const maxLineBytes = 64 * 1024
const newline = 0x0a

/**
 * Cuts a byte stream into lines. Holds at most one line of `maxLineBytes`, whatever arrives.
 * @throws LabFailure `agent-protocol` for a longer line or one that is not UTF-8; the splitter is of no use after that.
 */
export class LineSplitter {
  #held = Buffer.alloc(0)
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })

  /** What came after the last newline, which a whole stream does not have. */
  get rest(): string {
    return this.#held.toString('utf8')
  }

  *push(chunk: Uint8Array): Generator<string> {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const line = this.#join(chunk.subarray(start, end))
      this.#held = Buffer.alloc(0)
      start = end + 1
      yield this.#decode(line)
    }
    if (start < chunk.length) this.#held = this.#join(chunk.subarray(start))
  }

  #join(tail: Uint8Array): Buffer<ArrayBuffer> {
    const bytes = this.#held.length + tail.length
    if (bytes > maxLineBytes) {
      fail(
        'agent-protocol',
        `the agent wrote a line of more than ${maxLineBytes} bytes`,
        'Something else writes to its standard output, or it is another version. Rebuild the agent.',
      )
    }
    return Buffer.concat([this.#held, tail])
  }

  #decode(line: Buffer): string {
    try {
      return this.#decoder.decode(line)
    } catch (cause) {
      fail('agent-protocol', 'the agent wrote a line that is not UTF-8', 'Rebuild the agent.', cause)
    }
  }
}
