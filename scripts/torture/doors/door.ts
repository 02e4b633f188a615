import { LabFailure } from '../../../contract/error.ts'

/** Where something from outside comes in as a text. */
export type Door = {
  readonly name: string
  /** Texts that are good, to start from. */
  readonly seeds: readonly string[]
  /** @param folder for what it keeps on a disk. */
  readonly open: (folder: string) => OpenDoor
}

export type OpenDoor = {
  /** Rejects with what nobody foresaw; a text that is refused as it should be is dealt with. */
  readonly feed: (text: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Whether it is how the lab refuses something; an `internal` one is the lab's own fault. */
export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof LabFailure && thrown.kind !== 'internal'
}

/** Does the work; a refusal is an answer. @returns `undefined` where it was refused. */
export async function unlessRefused<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (thrown) {
    if (isRefusal(thrown)) return undefined
    throw thrown
  }
}
