import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const tmpfsMagic = 0x01021994

export function makeTestFolder(): string {
  return mkdtempSync(join(tmpdir(), 'dmabuf-lab-agent-'))
}

export function removeTestFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Why direct reads cannot be tested in the temporary folder; `null` where they can. */
export const noDirectReads =
  statfsSync(tmpdir()).type === tmpfsMagic ? `${tmpdir()} is a tmpfs, which has no device to read from` : null
