import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MiB } from '../../contract/size.ts'

const bytes = 8 * MiB
/** Less than a block: erofs puts it beside the inode. */
const endBytes = 1000

/** What mkfs.erofs -zlz4 makes of each: what LZ4 cannot make smaller stays as it is. */
const text = (length: number) => Buffer.alloc(length, 'all work and no play\n')
export const vendorFiles = [
  { state: 'plain', name: 'plain.bin', bytes, content: randomBytes },
  { state: 'compressed', name: 'compressed.bin', bytes, content: text },
  { state: 'inline', name: 'inline.bin', bytes: endBytes, content: randomBytes },
  { state: 'its end inline', name: 'inline-end.bin', bytes: bytes + endBytes, content: randomBytes },
] as const
export type VendorFile = (typeof vendorFiles)[number]

/** A new folder with all of them. */
export function makeVendorFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vendor-files-'))
  for (const file of vendorFiles) writeFileSync(join(folder, file.name), file.content(file.bytes))
  return folder
}
