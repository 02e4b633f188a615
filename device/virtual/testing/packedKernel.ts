/** A bzImage around what a compressor has made, with the unpacked size behind it as the kernel's build adds it. */
export function packedKernel(packed: Buffer, setupSectors = 39, payloadOffset = 716): Buffer {
  const start = (setupSectors + 1) * 512 + payloadOffset
  const image = Buffer.alloc(start + packed.length + 4 + 100, 0xcc)
  image.writeUInt8(setupSectors, 0x1f1)
  image.write('HdrS', 0x202, 'latin1')
  image.writeUInt16LE(0x20f, 0x206)
  image.writeUInt32LE(payloadOffset, 0x248)
  image.writeUInt32LE(packed.length + 4, 0x24c)
  packed.copy(image, start)
  return image
}
