import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fail } from '../../contract/error.ts'
import type { OpenArchive } from './aptPackages.ts'
import { downloadInstallSet, unpackOnce } from './aptPackages.ts'
import { GUEST_RELEASE } from './aptSources.ts'
import type { GuestArch } from './guestArch.ts'
import { archFacts } from './guestArch.ts'
import type { GuestKernel } from './guestKernel.ts'
import { copyLibraries } from './guestLibraries.ts'
import type { GuestUser, Phone } from './guestPhone.ts'
import { ensurePhone, layOutPhone } from './guestPhone.ts'
import { moduleDependencies, moduleName, modulesDep } from './kernelModules.ts'
import { runOrFail, runProgram } from './runProgram.ts'

// Loaded by the guest's init. ext4 asks for crc32c by its algorithm, not as a dependency.
const BOOT_MODULES = ['virtio_pci', 'crc32c_generic', 'crc32c_cryptoapi', 'ext4', 'virtio_net', 'virtio_blk']
// For tests to load.
const TEST_MODULES = ['dm_mod', 'loop', 'vgem', 'erofs']
// For encrypted files and for f2fs, loaded when the kernel asks for one by the name of its algorithm.
const ALGORITHMS: Record<string, string> = {
  crc32: 'crc32_generic',
  aes: 'aes_generic',
  xts: 'xts',
  cts: 'cts',
  cbc: 'cbc',
  ecb: 'ecb',
  hmac: 'hmac',
  sha512: 'sha512_generic',
}
const OTHER_MODULES = ['f2fs', 'fuse', 'nvme', ...Object.values(ALGORITHMS)]
const allModules = [...BOOT_MODULES, ...TEST_MODULES, ...OTHER_MODULES]

const guestInit = new URL('guestInit.sh', import.meta.url)

/** What the guest is made of: `tools` runs here and unpacks and packs, the others run there. */
type GuestParts = { kernel: GuestKernel; userSpace: string; tools: string; phone: Phone | null }

export type Initrd = { kernel: GuestKernel; user: GuestUser }

/** The initrd that boots the virtual device with that kernel, and lets adb in as that user. */
export async function ensureInitrd(
  cacheFolder: string,
  { kernel, user }: Initrd,
  archive: OpenArchive,
): Promise<string> {
  const tools = await ensureUserSpace(cacheFolder, 'amd64', archive)
  const userSpace = await ensureUserSpace(cacheFolder, kernel.arch, archive)
  const phone = user === 'shell' ? await ensurePhone(cacheFolder, kernel.arch, archive) : null
  return buildInitrd({ kernel, userSpace, tools: join(tools, 'bin/busybox'), phone })
}

async function ensureUserSpace(cacheFolder: string, arch: GuestArch, archive: OpenArchive): Promise<string> {
  const folder = join(cacheFolder, arch === 'amd64' ? 'guest-user-space' : `guest-user-space-${arch}`)
  if (!existsSync(folder)) {
    const set = { packages: ['adbd', 'busybox-static'], fromNothing: true }
    await unpackOnce(folder, downloadInstallSet(await archive(GUEST_RELEASE, arch), set))
  }
  return folder
}

async function buildInitrd(parts: GuestParts): Promise<string> {
  const { kernel } = parts
  const recipe = createHash('sha256')
    .update(await readFile(guestInit))
    .update(allModules.join())
    .update(parts.phone?.version ?? '')
  const initrd = join(kernel.folder, `initrd-${recipe.digest('hex').slice(0, 12)}.cpio`)
  if (!existsSync(initrd)) {
    const tree = join(kernel.folder, 'initrd-tree')
    await rm(tree, { recursive: true, force: true })
    await layOutGuest(tree, parts)
    if (parts.phone !== null) await layOutPhone(tree, parts.phone, parts.userSpace)
    await layOutModules(tree, parts)
    await packInitrd(tree, parts.tools, initrd)
  }
  return initrd
}

async function layOutGuest(tree: string, { kernel, userSpace }: GuestParts): Promise<void> {
  const { triplet, loader, packagedLoader } = archFacts[kernel.arch]
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
  await copyLibraries(tree, adbd, [userSpace], triplet)
  await mkdir(dirname(join(tree, loader)), { recursive: true })
  await copyFile(join(userSpace, packagedLoader), join(tree, loader))
  await chmod(join(tree, loader), 0o755)
}

async function layOutModules(tree: string, { kernel, tools }: GuestParts): Promise<void> {
  const files = await moduleFiles(kernel.modulesFolder)
  const target = join(tree, 'lib/modules', kernel.release)
  await mkdir(target, { recursive: true })
  const dependencies = new Map<string, string[]>()
  const queue = [...allModules]
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const file = files.get(name)
    // A driver without a file is built into this flavour of the kernel, or left out of it.
    if (file === undefined || dependencies.has(name)) continue
    const module = await readModule(file, tools)
    const needed = moduleDependencies(module).map(moduleName)
    await writeFile(join(target, `${name}.ko`), module)
    dependencies.set(name, needed)
    queue.push(...needed)
  }
  await writeFile(join(target, 'modules.dep'), modulesDep(dependencies))
  const present = (names: readonly string[]) => names.filter(name => dependencies.has(name))
  const lines = (texts: readonly string[]) => texts.map(text => `${text}\n`).join('')
  const aliases = Object.entries(ALGORITHMS).filter(([, name]) => dependencies.has(name))
  await writeFile(
    join(target, 'modules.alias'),
    lines(aliases.map(([alias, name]) => `alias crypto-${alias} ${name}`)),
  )
  await writeFile(join(tree, 'lib/modules/boot'), lines(present(BOOT_MODULES)))
}

/** The kernel's modules by their names. */
export async function moduleFiles(modulesFolder: string | null): Promise<Map<string, string>> {
  if (modulesFolder === null) return new Map()
  const entries = await readdir(modulesFolder, { recursive: true })
  const modules = entries.filter(entry => /\.ko(\.xz)?$/.test(entry))
  return new Map(modules.map(entry => [moduleName(basename(entry)), join(modulesFolder, entry)]))
}

async function readModule(file: string, busybox: string): Promise<Buffer> {
  if (!file.endsWith('.xz')) return readFile(file)
  const result = await runProgram(busybox, ['xzcat', file])
  if (result.exitCode !== 0)
    fail('internal', `cannot decompress ${file}: ${result.stderr}`, 'Remove the cache.')
  return result.stdout
}

async function packInitrd(tree: string, busybox: string, initrd: string): Promise<void> {
  const entries = ['.', ...(await readdir(tree, { recursive: true })).sort()]
  const partial = `${initrd}.partial`
  const owner = ['-R', '0:0']
  await runOrFail(busybox, ['cpio', '-o', '-H', 'newc', ...owner, '-F', partial], {
    cwd: tree,
    input: `${entries.join('\n')}\n`,
  })
  await rename(partial, initrd)
  await rm(tree, { recursive: true, force: true })
}
