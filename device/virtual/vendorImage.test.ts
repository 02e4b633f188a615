import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createVendorImage } from './vendorImage.ts'

test('what is no folder is refused, and no image is begun', async () => {
  const root = await mkdtemp(join(tmpdir(), 'vendor-image-'))
  try {
    const image = join(root, 'vendor.img')
    for (const wrong of [join(root, 'nowhere'), import.meta.filename])
      await expect(createVendorImage(image, wrong)).rejects.toMatchObject({
        kind: 'bad-input',
        message: `${wrong} is no folder`,
      })
    expect(existsSync(image)).toBe(false)
  } finally {
    await rm(root, { recursive: true })
  }
})
