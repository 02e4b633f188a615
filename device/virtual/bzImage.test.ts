import { gzipSync, zstdCompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { zstdPayload } from './bzImage.ts'
import { packedKernel } from './testing/packedKernel.ts'

test('finds what zstd has packed, wherever the header says that it is', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(64), fc.nat(4096), (kernel, sectors, offset) => {
      const packed = zstdCompressSync(kernel)
      expect(zstdPayload(packedKernel(packed, sectors + 2, offset))).toEqual(packed)
    }),
  )
})

test('what is packed otherwise, cut off before it or no bzImage has none', () => {
  const image = packedKernel(zstdCompressSync(Buffer.alloc(1000, 'kernel')))
  expect(zstdPayload(packedKernel(gzipSync('kernel')))).toBe(null)
  expect(zstdPayload(image.subarray(0, 40 * 512))).toBe(null)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2048 }), bytes => zstdPayload(Buffer.from(bytes)) === null),
  )
})
