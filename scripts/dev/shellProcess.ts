import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '..', '..')

export type ShellAddress = { readonly port: number; readonly token: string }

/** The hosted shell as `npm run lab -- serve` starts it, with its engines below it; started again on demand. */
export class ShellProcess {
  #child: ChildProcess | null = null
  #address: Promise<ShellAddress> = Promise.reject(new Error('the shell is not started'))
  readonly #args: readonly string[]

  /** @param args more words for `serve`. */
  constructor(args: readonly string[]) {
    this.#args = args
    this.#address.catch(() => {})
  }

  /** Where it listens; rejects when it ended before it did. */
  get address(): Promise<ShellAddress> {
    return this.#address
  }

  /** Ends what runs; what it measured is kept. */
  async restart(): Promise<void> {
    await this.end()
    const command = [
      join(root, 'main', 'cli', 'index.ts'),
      'serve',
      '--no-open',
      '--port',
      '0',
      ...this.#args,
    ]
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#child = child
    this.#address = printedAddress(child)
    this.#address.catch(error => console.error(`dev: ${error.message}; it starts again at the next change`))
  }

  async end(): Promise<void> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}

function printedAddress(child: ChildProcess): Promise<ShellAddress> {
  const { promise, resolve, reject } = Promise.withResolvers<ShellAddress>()
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', line => {
      const url = URL.parse(line.trim())
      const token = url?.searchParams.get('token')
      if (url !== null && token) resolve({ port: Number(url.port), token })
    })
  child.once('exit', code => reject(new Error(`the hosted shell ended with exit code ${code}`)))
  return promise
}
