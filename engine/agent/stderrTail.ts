const keptCharacters = 4096
const keptLines = 3

/** The last words an agent wrote for people; anything earlier is forgotten as it grows. */
export class StderrTail {
  #text = ''

  /** Reads to the end of the stream; a broken stream just ends it. */
  async collect(stream: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    try {
      for await (const chunk of stream) {
        this.#text = (this.#text + decoder.decode(chunk, { stream: true })).slice(-keptCharacters)
      }
    } catch {
      // The exit tells what happened to the carrier; there is no more to read here.
    }
  }

  forget(): void {
    this.#text = ''
  }

  get lastLines(): string {
    return this.#text.trim().split('\n').slice(-keptLines).join(' / ')
  }
}
