import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import type { GuestKernel } from './guestKernel.ts'

// Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header": offsets in the file, and what they were added by.
const SETUP_SECTORS = 0x1f1
const MAGIC = { offset: 0x202, text: 'HdrS' }
const VERSION = { offset: 0x206, withPayload: 0x0208 }
const PAYLOAD_OFFSET = 0x248
const PAYLOAD_LENGTH = 0x24c
const SECTOR_BYTES = 512

const ZSTD_MAGIC = 0xfd2fb528
// arch/x86/boot/compressed/Makefile appends the unpacked size to what zstd has made.
const SIZE_BYTES = 4

/** The kernel within a bzImage as zstd has packed it; null where it is packed in another way, or is no bzImage. */
export function zstdPayload(image: Buffer): Buffer | null {
  if (image.length < PAYLOAD_LENGTH + 4) return null
  if (image.toString('latin1', MAGIC.offset, MAGIC.offset + MAGIC.text.length) !== MAGIC.text) return null
  if (image.readUInt16LE(VERSION.offset) < VERSION.withPayload) return null
  const start = (image.readUInt8(SETUP_SECTORS) + 1) * SECTOR_BYTES + image.readUInt32LE(PAYLOAD_OFFSET)
  const end = start + image.readUInt32LE(PAYLOAD_LENGTH) - SIZE_BYTES
  if (end > image.length || end < start + 4 || image.readUInt32LE(start) !== ZSTD_MAGIC) return null
  return image.subarray(start, end)
}

/**
 * The kernel of a Debian package unpacked, once: a guest that unpacks it itself takes a sixth of its boot for that. QEMU
 * starts such a kernel by its PVH entry, which Debian's all have (CONFIG_PVH). Null where zstd has not packed it.
 */
export async function ensureBareKernel({ folder, vmlinuz, release }: GuestKernel): Promise<string | null> {
  const bare = `${folder}/vmlinux-${release}`
  if (existsSync(bare)) return bare
  const packed = zstdPayload(await readFile(vmlinuz))
  if (packed === null) return null
  const unfinished = `${bare}.${process.pid}`
  await writeFile(unfinished, await promisify(zstdDecompress)(packed))
  await rename(unfinished, bare)
  return bare
}
