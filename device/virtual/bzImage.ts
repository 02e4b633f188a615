// Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header": where its fields are in the file.
const SETUP_SECTORS = 0x1f1
const MAGIC = 0x202
const VERSION = 0x206
const VERSION_STRING = 0x20e
const PAYLOAD_OFFSET = 0x248
const PAYLOAD_LENGTH = 0x24c

/** Of the boot protocol, from which on the header tells where the packed kernel is. */
const TELLS_PAYLOAD = 0x0208
const SECTOR_BYTES = 512
const ZSTD_MAGIC = 0xfd2fb528
// arch/x86/boot/compressed/Makefile appends the unpacked size to what zstd has made.
const SIZE_BYTES = 4

function isBzImage(image: Buffer): boolean {
  return image.length >= VERSION_STRING + 2 && image.toString('latin1', MAGIC, MAGIC + 4) === 'HdrS'
}

/** The release that the begin of a bzImage tells; null for anything else. */
export function bzImageRelease(header: Buffer): string | null {
  if (!isBzImage(header)) return null
  // Counted from the second sector.
  const begin = header.readUInt16LE(VERSION_STRING) + SECTOR_BYTES
  return /^[^\s\0]+/.exec(header.toString('latin1', begin, begin + 256))?.[0] ?? null
}

/**
 * The kernel within a bzImage as zstd has packed it, or as much of it as is there; null where it is packed in another
 * way, or is no bzImage.
 */
export function zstdPayload(image: Buffer): Buffer | null {
  if (!isBzImage(image) || image.readUInt16LE(VERSION) < TELLS_PAYLOAD) return null
  if (image.length < PAYLOAD_LENGTH + 4) return null
  const start = (image.readUInt8(SETUP_SECTORS) + 1) * SECTOR_BYTES + image.readUInt32LE(PAYLOAD_OFFSET)
  if (start + 4 > image.length || image.readUInt32LE(start) !== ZSTD_MAGIC) return null
  return image.subarray(start, start + image.readUInt32LE(PAYLOAD_LENGTH) - SIZE_BYTES)
}
