const keptCharacters = 4096
const keptLines = 3

/** The last words an agent wrote for people; anything earlier is forgotten as it grows. */
export class StderrTail {
  #text = ''

  /** Reads to the end of the stream; a broken stream just ends it. Each piece goes to `onText` as it comes. */
  async collect(stream: AsyncIterable<Uint8Array>, onText: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder()
    try {
      for await (const chunk of stream) {
        const text = decoder.decode(chunk, { stream: true })
        this.#text = (this.#text + text).slice(-keptCharacters)
        onText(text)
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
