import { open } from 'node:fs/promises'
import { fail, reasonOf } from '../../contract/error.ts'
import { formatSize, MiB } from '../../contract/size.ts'

const pieceBytes = MiB

/** Why a person gives the file: what it may hold at most, and what to do where it is none. */
export type Wanted = { readonly mostBytes: number; readonly hint: string }

/** A run that was exported. Longer texts are refused by the import itself, after they were read. */
export const exportedRun: Wanted = {
  mostBytes: 512 * MiB,
  hint: 'Name a file written by `export --format json`.',
}
export const scenarioFile: Wanted = { mostBytes: 4 * MiB, hint: 'Name a scenario in JSON.' }

/** The text of a file that a person named. @throws LabFailure `bad-file`, also for a device that never ends. */
export async function readUserText(file: string, { mostBytes, hint }: Wanted): Promise<string> {
  let content: Buffer | null
  try {
    content = await upTo(mostBytes, file)
    if (content !== null) return decoded(content)
  } catch (thrown) {
    fail('bad-file', `${file} cannot be read: ${reasonOf(thrown)}`, hint, thrown)
  }
  return fail('bad-file', `${file} is longer than ${formatSize(mostBytes)}`, hint)
}

/** `null` for more. What it says of its size is not asked: a device or a pipe says nothing. */
async function upTo(mostBytes: number, file: string): Promise<Buffer | null> {
  const handle = await open(file)
  try {
    const pieces: Buffer[] = []
    for (let bytes = 0; bytes <= mostBytes; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(pieceBytes), 0, pieceBytes)
      if (bytesRead === 0) return Buffer.concat(pieces)
      pieces.push(buffer.subarray(0, bytesRead))
      bytes += bytesRead
    }
    return null
  } finally {
    await handle.close()
  }
}

/** Editors and PowerShell begin a file with a mark of its encoding; without one it is UTF-8. */
function decoded(content: Buffer): string {
  const [first, second] = content
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding, { fatal: true }).decode(content)
}
