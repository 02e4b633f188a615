import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureBareKernel, zstdPayload } from './bareKernel.ts'

/** A bzImage around what a compressor has made, with the unpacked size behind it as the kernel's build adds it. */
function bzImage(packed: Buffer, setupSectors = 39, payloadOffset = 716): Buffer {
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

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmabuf-lab-bare-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('finds what zstd has packed, wherever the header says that it is', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(64), fc.nat(4096), (kernel, sectors, offset) => {
      const packed = zstdCompressSync(kernel)
      expect(zstdPayload(bzImage(packed, sectors + 2, offset))).toEqual(packed)
    }),
  )
})

test('what is packed otherwise, cut off or no bzImage has none', () => {
  const image = bzImage(zstdCompressSync(Buffer.alloc(1000, 'kernel')))
  expect(zstdPayload(bzImage(gzipSync('kernel')))).toBe(null)
  expect(zstdPayload(image.subarray(0, image.length - 110))).toBe(null)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2048 }), bytes => zstdPayload(Buffer.from(bytes)) === null),
  )
})

test('it is unpacked once, beside the packages', async () => {
  const vmlinuz = join(folder, 'vmlinuz')
  await writeFile(vmlinuz, bzImage(zstdCompressSync(Buffer.from('the kernel'))))
  const kernel = { arch: 'amd64', folder, vmlinuz, bare: null, modulesFolder: null, buildTree: null } as const
  const bare = await ensureBareKernel({ ...kernel, release: '6.12' })
  expect(await readFile(bare ?? '', 'utf8')).toBe('the kernel')
  await writeFile(vmlinuz, '')
  expect(await ensureBareKernel({ ...kernel, release: '6.12' })).toBe(bare)
  expect(await ensureBareKernel({ ...kernel, release: '6.13' })).toBe(null)
})
