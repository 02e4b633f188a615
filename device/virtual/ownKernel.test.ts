import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bzImageRelease } from './bzImage.ts'
import { openOwnKernel } from './ownKernel.ts'

let scratch = ''
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'own-kernel-'))
})
afterEach(() => rm(scratch, { recursive: true }))

/** A setup header as Documentation/arch/x86/boot.rst describes it; nothing that boots. */
function bzImageHeader(version: string): Buffer {
  const header = Buffer.alloc(4096)
  header.write('HdrS', 0x202, 'latin1')
  header.writeUInt16LE(0x600 - 0x200, 0x20e)
  header.write(`${version}\0`, 0x600, 'latin1')
  return header
}

async function writeKernel(...path: string[]): Promise<string> {
  const file = join(scratch, ...path)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, bzImageHeader('6.99.0-mine (me@here) #1 SMP'))
  return file
}

test('reads the release from the header', () => {
  expect(bzImageRelease(bzImageHeader('6.99.0-mine (me@here) #1 SMP'))).toBe('6.99.0-mine')
})

test.each([
  ['an empty file', Buffer.alloc(0)],
  ['an ELF file', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(4096)])],
  ['a header without a version', bzImageHeader('')],
  ['a version beyond what was read', bzImageHeader('6.99.0').subarray(0, 0x300)],
])('%s is no kernel', async (_, content) => {
  expect(bzImageRelease(content)).toBeNull()
  const file = join(scratch, 'file')
  await writeFile(file, content)
  await expect(openOwnKernel({ file, modulesFolder: null }, scratch)).rejects.toMatchObject({
    kind: 'bad-input',
    message: `${file} is no Linux kernel for x86 (bzImage)`,
  })
})

test.each(['missing', '.'])('a path that cannot be read is said: %s', async name => {
  const own = { file: join(scratch, name), modulesFolder: null }
  await expect(openOwnKernel(own, scratch)).rejects.toMatchObject({ kind: 'bad-input' })
})

test('knows the build tree a bzImage lies in', async () => {
  const file = await writeKernel('linux/arch/x86/boot/bzImage')
  expect((await openOwnKernel({ file, modulesFolder: null }, scratch)).buildTree).toBeNull()
  await mkdir(join(scratch, 'linux/include/generated'), { recursive: true })
  await writeFile(join(scratch, 'linux/include/generated/autoconf.h'), '')
  expect(await openOwnKernel({ file, modulesFolder: null }, scratch)).toMatchObject({
    release: '6.99.0-mine',
    vmlinuz: file,
    bare: null,
    modulesFolder: null,
    buildTree: join(scratch, 'linux'),
  })
})

test('finds the modules where modules_install puts them, and only those of the same kernel', async () => {
  const file = await writeKernel('vmlinuz')
  const installed = join(scratch, 'lib/modules/6.99.0-mine')
  await mkdir(join(scratch, 'lib/modules/6.99.0-other/kernel'), { recursive: true })
  await expect(openOwnKernel({ file, modulesFolder: scratch }, scratch)).rejects.toMatchObject({
    kind: 'bad-input',
    message: `${scratch} holds no modules for 6.99.0-mine`,
  })
  await mkdir(join(installed, 'kernel'), { recursive: true })
  for (const modulesFolder of [scratch, join(scratch, 'lib/modules'), installed])
    expect((await openOwnKernel({ file, modulesFolder }, scratch)).modulesFolder).toBe(installed)
})
