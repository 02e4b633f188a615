import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fail } from '../../contract/error.ts'
import type { OpenArchive } from './aptPackages.ts'
import { downloadInstallSet, unpackOnce } from './aptPackages.ts'
import { GUEST_RELEASE } from './aptSources.ts'
import type { GuestKernel } from './guestKernel.ts'
import { moduleDependencies, moduleName, modulesDep } from './kernelModules.ts'
import { runOrFail, runProgram } from './runProgram.ts'

// Loaded by the guest's init. ext4 asks for crc32c by its algorithm, not as a dependency.
const BOOT_MODULES = ['virtio_pci', 'crc32c_generic', 'crc32c_cryptoapi', 'ext4', 'virtio_net', 'virtio_blk']
// For tests to load.
const TEST_MODULES = ['dm_mod', 'loop', 'vgem']

const LIBRARY_FOLDERS = [
  'lib/x86_64-linux-gnu',
  'usr/lib/x86_64-linux-gnu',
  'usr/lib/x86_64-linux-gnu/android',
]

const guestInit = new URL('guestInit.sh', import.meta.url)

/** The initrd that boots the virtual device with that kernel. */
export async function ensureInitrd(
  cacheFolder: string,
  kernel: GuestKernel,
  archive: OpenArchive,
): Promise<string> {
  const userSpace = join(cacheFolder, 'guest-user-space')
  if (!existsSync(userSpace)) {
    const set = { packages: ['adbd', 'busybox-static'], fromNothing: true }
    await unpackOnce(userSpace, downloadInstallSet(await archive(GUEST_RELEASE), set))
  }
  return buildInitrd(userSpace, kernel)
}

async function buildInitrd(userSpace: string, kernel: GuestKernel): Promise<string> {
  const recipe = createHash('sha256')
    .update(await readFile(guestInit))
    .update([...BOOT_MODULES, ...TEST_MODULES].join())
  const initrd = join(kernel.folder, `initrd-${recipe.digest('hex').slice(0, 12)}.cpio`)
  if (!existsSync(initrd)) {
    const tree = join(kernel.folder, 'initrd-tree')
    await rm(tree, { recursive: true, force: true })
    await layOutGuest(tree, userSpace)
    await layOutModules(tree, userSpace, kernel)
    await packInitrd(tree, userSpace, initrd)
  }
  return initrd
}

async function layOutGuest(tree: string, userSpace: string): Promise<void> {
  const folders = [
    'bin',
    'sbin',
    'usr/bin',
    'usr/sbin',
    'system/bin',
    'proc',
    'sys',
    'dev',
    'tmp',
    'data',
    'root',
  ]
  for (const folder of folders) await mkdir(join(tree, folder), { recursive: true })
  await copyFile(guestInit, join(tree, 'init'))
  await copyFile(join(userSpace, 'bin/busybox'), join(tree, 'bin/busybox'))
  // Android's path of the shell, beside the one that Debian's adbd was built with.
  await copyFile(join(userSpace, 'bin/busybox'), join(tree, 'system/bin/sh'))
  const adbd = join(userSpace, 'usr/lib/android-sdk/platform-tools/adbd')
  await copyFile(adbd, join(tree, 'usr/sbin/adbd'))
  for (const path of ['init', 'bin/busybox', 'system/bin/sh', 'usr/sbin/adbd'])
    await chmod(join(tree, path), 0o755)
  for (const library of await sharedLibraries(adbd, userSpace)) {
    const copy = join(tree, library.slice(userSpace.length))
    await mkdir(dirname(copy), { recursive: true })
    await copyFile(library, copy)
  }
  const loader = 'lib64/ld-linux-x86-64.so.2'
  await mkdir(join(tree, 'lib64'), { recursive: true })
  await copyFile(join(userSpace, 'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2'), join(tree, loader))
  await chmod(join(tree, loader), 0o755)
}

async function sharedLibraries(program: string, userSpace: string): Promise<string[]> {
  const path = LIBRARY_FOLDERS.map(folder => join(userSpace, folder)).join(':')
  const loader = join(userSpace, 'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2')
  const listing = await runOrFail(loader, ['--library-path', path, '--list', program])
  const resolved = [...listing.matchAll(/=> (\S+) \(/g)].map(match => match[1] ?? '')
  return resolved.filter(library => library.startsWith(`${userSpace}/`))
}

async function layOutModules(tree: string, userSpace: string, kernel: GuestKernel): Promise<void> {
  const files = await moduleFiles(kernel.modulesFolder)
  const target = join(tree, 'lib/modules', kernel.release)
  await mkdir(target, { recursive: true })
  const dependencies = new Map<string, string[]>()
  const queue = [...BOOT_MODULES, ...TEST_MODULES]
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const file = files.get(name)
    // A driver without a file is built into this flavour of the kernel, or left out of it.
    if (file === undefined || dependencies.has(name)) continue
    const module = await readModule(file, userSpace)
    const needed = moduleDependencies(module).map(moduleName)
    await writeFile(join(target, `${name}.ko`), module)
    dependencies.set(name, needed)
    queue.push(...needed)
  }
  await writeFile(join(target, 'modules.dep'), modulesDep(dependencies))
  const bootModules = BOOT_MODULES.filter(name => dependencies.has(name))
  await writeFile(join(tree, 'lib/modules/boot'), bootModules.map(name => `${name}\n`).join(''))
}

async function moduleFiles(modulesFolder: string | null): Promise<Map<string, string>> {
  if (modulesFolder === null) return new Map()
  const entries = await readdir(modulesFolder, { recursive: true })
  const modules = entries.filter(entry => /\.ko(\.xz)?$/.test(entry))
  return new Map(modules.map(entry => [moduleName(basename(entry)), join(modulesFolder, entry)]))
}

async function readModule(file: string, userSpace: string): Promise<Buffer> {
  if (!file.endsWith('.xz')) return readFile(file)
  const result = await runProgram(join(userSpace, 'bin/busybox'), ['xzcat', file])
  if (result.exitCode !== 0)
    fail('internal', `cannot decompress ${file}: ${result.stderr}`, 'Remove the cache.')
  return result.stdout
}

async function packInitrd(tree: string, userSpace: string, initrd: string): Promise<void> {
  const entries = ['.', ...(await readdir(tree, { recursive: true })).sort()]
  const busybox = join(userSpace, 'bin/busybox')
  const partial = `${initrd}.partial`
  const owner = ['-R', '0:0']
  await runOrFail(busybox, ['cpio', '-o', '-H', 'newc', ...owner, '-F', partial], {
    cwd: tree,
    input: `${entries.join('\n')}\n`,
  })
  await rename(partial, initrd)
  await rm(tree, { recursive: true, force: true })
}
