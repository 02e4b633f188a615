import { createHash } from 'node:crypto'
import { existsSync, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { fail, LabFailure } from '../../contract/error.ts'
import { sizeAndBytes } from '../../contract/size.ts'
import type { DevicePort } from '../adb/devicePort.ts'
import type { BytesDone } from './target.ts'

/** The one folder of an Android device where the shell user may write and execute. */
export const deviceFolder = '/data/local/tmp'
/** Generated and pushed files. */
export const filesFolder = `${deviceFolder}/dmabuf-lab`
const readable = 0o644
/** Of a file's name on the device; with a prefix and any letters it stays below the 255 bytes of a name. */
const keptNameCharacters = 50

/** @throws LabFailure `target-unavailable` for an exit code other than 0. */
export async function mustRun(port: DevicePort, words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await port.run(words)
  if (exitCode === 0) return
  fail(
    'target-unavailable',
    `${words.join(' ')} failed on the device: ${stderr.trim()}`,
    'Look at the device.',
  )
}

/** A path that the device has is meant there, any other on this machine. */
export async function onDeviceElseHere<T>(
  path: string,
  onDevice: Promise<T>,
  here: () => Promise<T>,
): Promise<T> {
  try {
    return await onDevice
  } catch (thrown) {
    const isMissing = thrown instanceof LabFailure && thrown.kind === 'bad-file'
    if (!isMissing || !existsSync(path)) throw thrown
    return here()
  }
}

/** @throws LabFailure `bad-file` for what cannot be pushed. */
export async function fileHere(path: string): Promise<Stats> {
  const found = await stat(path)
  if (!found.isFile()) fail('bad-file', `${path} is not a regular file`, 'Choose a regular file.')
  if (found.size === 0) fail('bad-file', `${path} is empty`, 'Choose a file with content.')
  return found
}

/** A device that does not tell its free space is asked by pushing. */
async function checkRoom(port: DevicePort, source: string, bytes: number): Promise<void> {
  const { exitCode, stdout } = await port.run(['stat', '-f', '-c', '%a %S', filesFolder])
  const [, blocks, blockBytes] = /^(\d+) (\d+)$/.exec(stdout.trim()) ?? []
  const freeBytes = Number(blocks) * Number(blockBytes)
  if (exitCode !== 0 || Number.isNaN(freeBytes) || bytes <= freeBytes) return
  fail(
    'no-space',
    `${source} with ${sizeAndBytes(bytes)} does not fit into the free space of ${sizeAndBytes(freeBytes)} in ${filesFolder} on the device`,
    'Free space on the device, or choose a smaller file. Nothing was pushed.',
  )
}

/** Of a file that is being pushed: the agent knows it for the lab's, and removes it where the push was lost. */
export function partialName(hash: string): string {
  return `.dmabuf-lab-push-${hash.slice(0, 16)}-${process.pid}`
}

/** Pushes a file of this machine, unless that very file was pushed before, and returns its path there. */
export async function pushFile(
  port: DevicePort,
  source: string,
  onBytes: BytesDone,
  signal: AbortSignal,
): Promise<string> {
  const found = await fileHere(source)
  const version = createHash('sha256').update(`${source} ${found.size} ${found.mtimeMs}`).digest('hex')
  const path = `${filesFolder}/${version.slice(0, 16)}-${basename(source).slice(-keptNameCharacters)}`
  const { exitCode } = await port.run(['test', '-s', path])
  if (exitCode === 0) return path
  await mustRun(port, ['mkdir', '-p', '-m', '755', filesFolder])
  await checkRoom(port, source, found.size)
  const partial = `${filesFolder}/${partialName(version)}`
  const onPushed = (doneBytes: number) => onBytes(doneBytes, found.size)
  try {
    await port.push({ source, path: partial, mode: readable, onBytes: onPushed }, signal)
  } catch (thrown) {
    // A device that is gone takes its partial file with it, until it is pushed again.
    await port.run(['rm', '-f', partial]).catch(() => {})
    throw thrown
  }
  await mustRun(port, ['mv', '-f', partial, path])
  return path
}
