import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder with every folder above it. Tries each level once: mkdirSync's own `recursive` tries for ever where a
 * folder takes no folders, as /proc does.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (thrown) {
    // Another process was faster.
    if (!existsSync(folder)) throw thrown
  }
}
