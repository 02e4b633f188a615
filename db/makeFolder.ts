import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder of that mode with every folder above it. Tries each level once: mkdirSync's own `recursive` tries for ever where a
 * folder takes no folders, as /proc does.
 */
export function makeFolder(folder: string, mode = 0o777): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder), mode)
  try {
    mkdirSync(folder, { mode })
  } catch (thrown) {
    // Another process was faster.
    if (!existsSync(folder)) throw thrown
  }
}
