import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { GuestKernel } from './guestKernel.ts'
import { requireFileSystem } from './kernelFileSystem.ts'

const root = mkdtempSync(join(tmpdir(), 'kernel-file-system-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let kernels = 0

/** A kernel as its package lays it out, with these lines of its configuration and these modules. */
function kernelOf(config: readonly string[] | null, modules: readonly string[] = []): GuestKernel {
  const folder = join(root, `${kernels++}`)
  const modulesFolder = join(folder, 'lib/modules/6.12')
  mkdirSync(modulesFolder, { recursive: true })
  mkdirSync(join(folder, 'boot'))
  if (config !== null) writeFileSync(join(folder, 'boot/config-6.12'), ['#', ...config, ''].join('\n'))
  for (const name of modules) writeFileSync(join(modulesFolder, `${name}.ko.xz`), '')
  return { arch: 'amd64', folder, vmlinuz: '', bare: null, modulesFolder, release: '6.12', buildTree: null }
}

test('a kernel that has no f2fs is refused before it is booted, with a way out', async () => {
  await expect(requireFileSystem(kernelOf(['# CONFIG_F2FS_FS is not set']), 'f2fs')).rejects.toMatchObject({
    kind: 'bad-input',
    message: 'the kernel 6.12 has no f2fs',
    hint: expect.stringContaining('--flavour generic'),
  })
})

test('one that has it built in or as a module is not, nor one that does not tell', async () => {
  await requireFileSystem(kernelOf(['CONFIG_F2FS_FS=y']), 'f2fs')
  await requireFileSystem(kernelOf(['CONFIG_F2FS_FS=m'], ['f2fs']), 'f2fs')
  await requireFileSystem(kernelOf(['CONFIG_EXT4_FS=y']), 'ext4')
  await requireFileSystem(kernelOf(null), 'f2fs')
})

test('pages of 16 KiB do not mount its blocks of 4 KiB', async () => {
  const kernel = kernelOf(['CONFIG_F2FS_FS=y', 'CONFIG_ARM64_16K_PAGES=y'])
  await expect(requireFileSystem(kernel, 'f2fs')).rejects.toMatchObject({ hint: 'Use --pages 4k.' })
})
