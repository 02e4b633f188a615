/** A device as an adb server lists it. */
export type ListedDevice = {
  readonly serial: string
  readonly state: 'ready' | 'unauthorized' | 'offline' | 'unavailable'
  /** The state in adb's own words, such as `no permissions (…)`. */
  readonly words: string
  /** What to do where it is not ready. */
  readonly hint: string
  /** As the device tells it; empty where it does not. */
  readonly model: string
}

/** A program on the device. */
export type DeviceProcess = {
  readonly stdout: AsyncIterable<Uint8Array>
  readonly stderr: AsyncIterable<Uint8Array>
  /** Exit code, 128 + n for a program that signal n ended. Rejects with `target-lost` where the device is gone. */
  readonly exit: Promise<number>
  /** To its standard input; lost where the program is gone. */
  readonly write: (text: string) => void
  readonly closeStdin: () => void
  /** Drops the connection, which closes all that the program has from us. */
  readonly kill: () => void
}

export type ProgramOutput = { readonly exitCode: number; readonly stdout: string; readonly stderr: string }

export type Push = {
  /** Path on this machine. */
  readonly source: string
  readonly path: string
  readonly mode: number
  readonly onBytes: (doneBytes: number) => void
}

/**
 * All that the lab asks of an adb device. Words become words of a command line, whatever they hold.
 * Every method rejects with a `LabFailure`: `target-lost` where the device is gone.
 */
export type DevicePort = {
  readonly model: string
  readonly spawn: (words: readonly string[]) => Promise<DeviceProcess>
  /** Runs a program with little output to its end. */
  readonly run: (words: readonly string[]) => Promise<ProgramOutput>
  /** Copies a file of this machine; `no-space` where it does not fit, `cancelled` once the signal is aborted. */
  readonly push: (push: Push, signal: AbortSignal) => Promise<void>
  readonly close: () => Promise<void>
}
