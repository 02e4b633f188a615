import { createReadStream } from 'node:fs'
import { text } from 'node:stream/consumers'
import { type Adb, type AdbServerClient, AdbSyncError } from '@yume-chan/adb'
import { ReadableStream } from '@yume-chan/stream-extra'
import { fail, LabFailure, reasonOf } from '../../contract/error.ts'
import { visibleText } from '../../findings/words/foreignText.ts'
import { listDevices } from './adbServer.ts'
import type { DevicePort, DeviceProcess, ListedDevice, ProgramOutput, Push } from './devicePort.ts'
import { shellQuote } from './shellQuote.ts'

const pushChunkBytes = 256 * 1024
const encoder = new TextEncoder()

/**
 * Opens a listed device.
 * @throws LabFailure `target-unavailable` where it is not there, unauthorized, offline, or too old for shell v2.
 */
export async function openDevice(client: AdbServerClient, serial: string): Promise<DevicePort> {
  const devices = await asked(listDevices(client), 'list its devices')
  const device = devices.find(listed => listed.serial === serial)
  if (device === undefined) {
    fail(
      'target-unavailable',
      `no device ${serial} is connected`,
      'Plug it in, or connect it: adb connect HOST:PORT',
    )
  }
  if (device.state !== 'ready') {
    fail('target-unavailable', `adb says of the device ${serial}: ${device.words}`, device.hint)
  }
  const adb = await asked(client.createAdb({ serial }), `open the device ${serial}`)
  const shell = adb.subprocess.shellProtocol
  if (shell?.isSupported !== true) {
    await adb.close()
    fail('target-unavailable', `the device ${serial} has no shell protocol 2`, 'It needs Android 7 or later.')
  }
  return new AdbDevicePort(adb, shell, device)
}

/** What the adb server answers, failing in its words where it does not do as it was asked. */
async function asked<T>(answer: Promise<T>, what: string): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    const words = visibleText(reasonOf(cause).replaceAll('\n', ' '))
    const hint = 'Look at `adb devices -l`, plug the device in again, or run: adb kill-server'
    return fail('target-unavailable', `the adb server does not ${what}: ${words}`, hint, cause)
  }
}

type Shell = NonNullable<Adb['subprocess']['shellProtocol']>

class AdbDevicePort implements DevicePort {
  readonly model: string
  readonly #adb: Adb
  readonly #shell: Shell
  readonly #serial: string
  /** Rejects once the device is gone. */
  readonly #lost: Promise<never>

  constructor(adb: Adb, shell: Shell, device: ListedDevice) {
    this.#adb = adb
    this.#shell = shell
    this.#serial = device.serial
    this.model = device.model
    const lose = () => {
      throw this.#lostFailure()
    }
    this.#lost = adb.disconnected.then(lose, lose)
    // Closing the port ends it too, when nobody waits any more.
    this.#lost.catch(() => {})
  }

  async spawn(words: readonly string[]): Promise<DeviceProcess> {
    // `exec`: the program itself, and no shell in between, has the standard input that a cancel closes.
    const commandLine = `exec ${words.map(shellQuote).join(' ')}`
    const child = await this.#whileConnected(this.#shell.spawn([commandLine]))
    const exit = this.#whileConnected(child.exited)
    exit.catch(() => {})
    const stdin = child.stdin.getWriter()
    return {
      stdout: child.stdout,
      stderr: child.stderr,
      exit,
      write: sent => void stdin.write(encoder.encode(sent)).catch(() => {}),
      closeStdin: () => void stdin.close().catch(() => {}),
      kill: () => void child.kill(),
    }
  }

  async run(words: readonly string[]): Promise<ProgramOutput> {
    const { stdout, stderr, exit, closeStdin } = await this.spawn(words)
    closeStdin()
    const [exitCode, output, errors] = await this.#whileConnected(
      Promise.all([exit, text(stdout), text(stderr)]),
    )
    return { exitCode, stdout: output, stderr: errors }
  }

  async push({ source, path, mode, onBytes }: Push, signal: AbortSignal): Promise<void> {
    const sync = await this.#whileConnected(this.#adb.sync())
    // The library waits for the device for ever when the source breaks, so that is watched here.
    const { promise: stopped, reject: stop } = Promise.withResolvers<never>()
    stopped.catch(() => {})
    const onAbort = () => stop(new LabFailure({ kind: 'cancelled', message: 'cancelled', hint: '' }))
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    const file = ReadableStream.from(countedChunks(source, onBytes, stop))
    try {
      await this.#whileConnected(
        Promise.race([sync.write({ filename: path, file, permission: mode }), stopped]),
      )
    } catch (thrown) {
      throw pushFailure(path, thrown)
    } finally {
      signal.removeEventListener('abort', onAbort)
      await sync.dispose().catch(() => {})
    }
  }

  close(): Promise<void> {
    return this.#adb.close()
  }

  /** `work`, failing as `target-lost` when the device goes, or when the connection breaks under it. */
  async #whileConnected<T>(work: PromiseLike<T>): Promise<T> {
    try {
      return await Promise.race([work, this.#lost])
    } catch (thrown) {
      if (thrown instanceof LabFailure || thrown instanceof AdbSyncError) throw thrown
      throw this.#lostFailure(thrown)
    }
  }

  #lostFailure(cause?: unknown): LabFailure {
    return new LabFailure(
      {
        kind: 'target-lost',
        message: `the device ${this.#serial} is gone`,
        hint: 'Connect it again, then resume the run.',
      },
      cause === undefined ? undefined : { cause },
    )
  }
}

/** The file in chunks, counted; a file that cannot be read is told to `onBroken`. */
async function* countedChunks(
  source: string,
  onBytes: Push['onBytes'],
  onBroken: (failure: LabFailure) => void,
): AsyncGenerator<Uint8Array> {
  let doneBytes = 0
  try {
    for await (const chunk of createReadStream(source, { highWaterMark: pushChunkBytes })) {
      yield chunk
      doneBytes += chunk.length
      onBytes(doneBytes)
    }
  } catch (cause) {
    const reason = reasonOf(cause)
    const message = `the file ${source} cannot be read: ${reason}`
    onBroken(new LabFailure({ kind: 'bad-file', message, hint: 'Choose a readable file.' }, { cause }))
  }
}

/** What the device says against a file, in the lab's kinds. */
function pushFailure(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof AdbSyncError)) return thrown
  const full = /no space/i.test(thrown.message)
  return new LabFailure(
    {
      kind: full ? 'no-space' : 'bad-file',
      message: `the device does not take ${path}: ${thrown.message}`,
      hint: full
        ? 'Free space on the device, or choose a smaller file.'
        : 'Choose another folder on the device.',
    },
    { cause: thrown },
  )
}
