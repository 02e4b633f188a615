import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

// Where Debian keeps mkfs and its like, which a plain user's PATH leaves out.
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/** The path of an installed program, or null. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS]
  const found = folders.filter(folder => folder !== '').find(folder => isExecutable(join(folder, name)))
  return found === undefined ? null : join(found, name)
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
