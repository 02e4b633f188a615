import { existsSync } from 'node:fs'
import { open, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fail } from '../../contract/error.ts'
import { bzImageRelease } from './bzImage.ts'
import type { GuestKernel } from './guestKernel.ts'

/** A kernel that the user has built: a bzImage, and its modules as `make modules_install` lays them out. */
export type OwnKernel = { file: string; modulesFolder: string | null }

const HEADER_BYTES = 64 * 1024

/**
 * The user's kernel as one of the virtual device's.
 * @param instanceFolder keeps its initrd, which is made anew at each boot.
 * @throws LabFailure `bad-input` for a file that is no bzImage, or modules of another kernel.
 */
export async function openOwnKernel(own: OwnKernel, instanceFolder: string): Promise<GuestKernel> {
  const vmlinuz = resolve(own.file)
  const release = bzImageRelease(await readHeader(vmlinuz))
  if (release === null) {
    const hint = 'Give the arch/x86/boot/bzImage of a build for x86-64, or a vmlinuz.'
    fail('bad-input', `${own.file} is no Linux kernel for x86 (bzImage)`, hint)
  }
  const modulesFolder = own.modulesFolder === null ? null : findModules(own.modulesFolder, release)
  await removeInitrds(instanceFolder)
  return {
    arch: 'amd64',
    folder: instanceFolder,
    vmlinuz,
    bare: null,
    modulesFolder,
    release,
    buildTree: findBuildTree(vmlinuz, modulesFolder),
  }
}

async function readHeader(file: string): Promise<Buffer> {
  const handle = await open(file).catch((cause: unknown) =>
    fail('bad-input', `cannot open the kernel ${file}`, 'Check the path.', cause),
  )
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } catch (cause) {
    fail('bad-input', `cannot read the kernel ${file}`, 'Give a file.', cause)
  } finally {
    await handle.close()
  }
}

/** `folder` itself, or the place below it where `make modules_install INSTALL_MOD_PATH=folder` puts them. */
function findModules(folder: string, release: string): string {
  const places = [resolve(folder, release), resolve(folder, 'lib/modules', release)]
  if (basename(resolve(folder)) === release) places.unshift(resolve(folder))
  const found = places.find(place => existsSync(join(place, 'kernel')))
  if (found !== undefined) return found
  const hint = `Give the folder that make modules_install wrote (lib/modules/${release}).`
  fail('bad-input', `${folder} holds no modules for ${release}`, hint)
}

/** Where the kernel was built, if it still lies there or its modules link to it. */
function findBuildTree(vmlinuz: string, modulesFolder: string | null): string | null {
  const places = [resolve(dirname(vmlinuz), '../../..')]
  if (modulesFolder !== null) places.unshift(join(modulesFolder, 'build'))
  return places.find(place => existsSync(join(place, 'include/generated/autoconf.h'))) ?? null
}

async function removeInitrds(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter(name => name.startsWith('initrd-'))
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true })
}
