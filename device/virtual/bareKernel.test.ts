import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureBareKernel } from './bareKernel.ts'
import { packedKernel } from './testing/packedKernel.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmabuf-lab-bare-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A kernel of that folder whose file holds `image`. */
async function kernelOf(image: Buffer | string) {
  const vmlinuz = join(folder, 'vmlinuz')
  await writeFile(vmlinuz, image)
  return { arch: 'amd64', folder, vmlinuz, bare: null, modulesFolder: null, buildTree: null } as const
}

test('it is unpacked once, beside the packages', async () => {
  const kernel = await kernelOf(packedKernel(zstdCompressSync('the kernel')))
  const bare = await ensureBareKernel({ ...kernel, release: '6.12' })
  expect(await readFile(bare ?? '', 'utf8')).toBe('the kernel')
  await kernelOf('')
  expect(await ensureBareKernel({ ...kernel, release: '6.12' })).toBe(bare)
  expect(await ensureBareKernel({ ...kernel, release: '6.13' })).toBe(null)
})

test.each([
  [
    'damaged',
    (packed: Buffer) => packedKernel(Buffer.concat([packed.subarray(0, 8), Buffer.alloc(99, 0xff)])),
  ],
  ['cut off', (packed: Buffer) => packedKernel(packed).subarray(0, -110)],
])('one that is %s is said to be damaged, with what to do, and leaves nothing', async (_, spoil) => {
  const kernel = await kernelOf(spoil(zstdCompressSync(Buffer.alloc(1000, 'kernel'))))
  await expect(ensureBareKernel({ ...kernel, release: '6.12' })).rejects.toMatchObject({
    kind: 'bad-file',
    message: expect.stringContaining(`${kernel.vmlinuz} is damaged: `),
    hint: `Remove ${folder} and start again.`,
  })
  expect(await readdir(folder)).toEqual(['vmlinuz'])
})
