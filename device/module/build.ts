import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail } from '../../contract/error.ts'
import type { AptArchive, OpenArchive } from '../virtual/aptPackages.ts'
import { archivesIn, dependenciesOf, downloadPackages, unpackOnce } from '../virtual/aptPackages.ts'
import { GUEST_RELEASE } from '../virtual/aptSources.ts'
import type { DeviceState } from '../virtual/deviceState.ts'
import { findProgram } from '../virtual/findProgram.ts'
import { withFolderLock } from '../virtual/folderLock.ts'
import type { GuestArch } from '../virtual/guestArch.ts'
import { kernelMakeArguments, requireCompiler } from '../virtual/guestArch.ts'
import { isNewest } from '../virtual/guestKernel.ts'
import { ensureOldestDmabufSource } from '../virtual/kernelSource.ts'
import { runOrFail } from '../virtual/runProgram.ts'
import { buildForNewest } from './newestBuild.ts'

const MODULE_FOLDER = fileURLToPath(new URL('.', import.meta.url))
const TEST_FOLDER = join(MODULE_FOLDER, 'test')
const BUILD_TIMEOUT_MS = 10 * 60_000

/** A module of this project: the folder of its sources and the name that the kernel knows it by. */
export type KernelModule = { readonly sourceFolder: string; readonly name: string }

const labModule: KernelModule = { sourceFolder: MODULE_FOLDER, name: 'dmabuf_lab' }

/** Two protected dma-heaps, for kernels whose heaps can be modules. */
export const heapsModule: KernelModule = {
  sourceFolder: fileURLToPath(new URL('../heaps/', import.meta.url)),
  name: 'dmabuf_lab_heaps',
}

/** The kernel's own udmabuf, for the `oldest` kernel, which Debian configures without it. */
export const udmabufModule: KernelModule = {
  sourceFolder: fileURLToPath(new URL('../udmabuf/', import.meta.url)),
  name: 'udmabuf',
}

export type TargetKernel = Pick<DeviceState, 'arch' | 'flavour' | 'kernelRelease' | 'kernelBuildTree'>

/**
 * Builds a module for a kernel of the virtual device with that kernel's own headers, once per source.
 * Everything is written to the cache; the source tree stays as it is.
 * @returns the path of the module.
 * @throws LabFailure `unsupported` where the lab's module needs a later kernel, `target-unavailable` where the compiler
 * or the headers are missing or refuse.
 */
export async function buildModule(
  cacheFolder: string,
  kernel: TargetKernel,
  module: KernelModule = labModule,
): Promise<string> {
  if (module === labModule) requireNewEnough(kernel.kernelRelease)
  const { sourceFolder, name } = module
  const archive = archivesIn(cacheFolder)
  const { kernelRelease, kernelBuildTree } = kernel
  const what = {
    prefix: join(cacheFolder, `module-${kernelRelease}`),
    sourceFolder,
    product: `${name}.ko`,
    alsoHashed: kernelBuildTree === null ? [] : filesThatTellBuildsApart(kernelBuildTree),
  }
  return withFolderLock(`${cacheFolder}/module`, BUILD_TIMEOUT_MS, () =>
    buildOnce(what, async folder => {
      if (isNewest(kernel.flavour)) return buildForNewest(cacheFolder, archive, kernelRelease, folder)
      if (module === udmabufModule)
        await copyUdmabuf(await ensureOldestDmabufSource(cacheFolder, archive), folder)
      const headers = kernelBuildTree ?? (await packagedHeaders(cacheFolder, archive, kernel))
      await makeModule(kernel.arch, headers, folder)
    }),
  )
}

/** What dmabuf_lab.h checks as well, said before anything is built. */
function requireNewEnough(kernelRelease: string): void {
  const [major = 0, minor = 0] = kernelRelease.split('.').map(part => Number.parseInt(part, 10))
  if (major > 6 || (major === 6 && minor >= 12)) return
  fail(
    'unsupported',
    `the kernel module needs Linux 6.12 or later, and this kernel is ${kernelRelease}`,
    'The device runs without it: what needs the module is left out, all else can be measured.',
  )
}

function copyUdmabuf(drivers: string, folder: string): Promise<void> {
  return copyFile(join(drivers, 'udmabuf.c'), join(folder, 'kernel_udmabuf.c'))
}

/** Two builds of one release can differ in what a module has to know. */
function filesThatTellBuildsApart(buildTree: string): string[] {
  const files = ['include/generated/autoconf.h', 'Module.symvers'].map(name => join(buildTree, name))
  const missing = files.find(file => !existsSync(file))
  if (missing !== undefined)
    fail('target-unavailable', `${missing} is missing`, `make -C ${buildTree} bzImage modules`)
  return files
}

async function packagedHeaders(
  cacheFolder: string,
  archive: OpenArchive,
  kernel: TargetKernel,
): Promise<string> {
  if (kernel.flavour !== null) return ensureHeaders(cacheFolder, archive, kernel.kernelRelease)
  fail(
    'unsupported',
    `where ${kernel.kernelRelease} was built is not known, so no module can be built for it`,
    'Start with the bzImage where it was built, or with --kernel-modules of a folder that links to its build.',
  )
}

async function makeModule(arch: GuestArch, headers: string, sources: string): Promise<void> {
  if (findProgram('make') === null)
    fail('target-unavailable', 'make is not installed', 'apt-get install make libc6-dev')
  await runOrFail('make', [
    ...['-C', headers, `M=${sources}`, ...kernelMakeArguments(arch), `CC=${requireCompiler(arch)}`],
    // BTF would need pahole and the kernel's own vmlinux.
    ...['CONFIG_DEBUG_INFO_BTF_MODULES=', 'modules'],
  ])
}

/** Builds the test program that runs on the device, as one static binary. */
export async function buildModuleTest(cacheFolder: string, arch: GuestArch): Promise<string> {
  const compiler = requireCompiler(arch)
  const what = {
    prefix: join(cacheFolder, `module-test-${arch}`),
    sourceFolder: TEST_FOLDER,
    product: 'module_test',
    alsoHashed: [],
  }
  return withFolderLock(`${cacheFolder}/module-test`, BUILD_TIMEOUT_MS, () =>
    buildOnce(what, async folder => {
      const sources = (await readdir(folder)).filter(name => name.endsWith('.c'))
      const flags = [
        '-std=gnu11',
        '-O2',
        '-Wall',
        '-Wextra',
        '-Werror',
        '-static',
        '-pthread',
        `-I${MODULE_FOLDER}`,
      ]
      await runOrFail(compiler, [...flags, '-o', 'module_test', ...sources], { cwd: folder })
    }),
  )
}

type WhatToBuild = { prefix: string; sourceFolder: string; product: string; alsoHashed: readonly string[] }

/** Runs `build` in a copy of the sources; its result is kept for as long as they stay the same. */
async function buildOnce(
  { prefix, sourceFolder, product, alsoHashed }: WhatToBuild,
  build: (folder: string) => Promise<unknown>,
): Promise<string> {
  const names = (await readdir(sourceFolder)).filter(name => /\.[ch]$|^Kbuild$/.test(name)).sort()
  const digest = createHash('sha256')
  const header = join(MODULE_FOLDER, 'dmabuf_lab_uapi.h')
  for (const file of [...names.map(name => join(sourceFolder, name)), header, ...alsoHashed])
    digest.update(await readFile(file))
  const folder = `${prefix}-${digest.digest('hex').slice(0, 12)}`
  const result = join(folder, product)
  if (existsSync(result)) return result

  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  for (const name of names) await copyFile(join(sourceFolder, name), join(partial, name))
  await build(partial)
  await rm(folder, { recursive: true, force: true })
  await rename(partial, folder)
  return result
}

async function ensureHeaders(
  cacheFolder: string,
  archive: OpenArchive,
  kernelRelease: string,
): Promise<string> {
  const root = join(cacheFolder, `headers-${kernelRelease}`)
  const headers = join(root, 'usr/src', `linux-headers-${kernelRelease}`)
  if (existsSync(root)) return headers
  const source = await archive(GUEST_RELEASE)
  const download = downloadPackages(source, await headerPackages(source, kernelRelease))
  await unpackOnce(root, download, tree => relocateHeaders(headers.replace(root, tree), root))
  return headers
}

async function headerPackages(archive: AptArchive, kernelRelease: string): Promise<string[]> {
  const main = `linux-headers-${kernelRelease}`
  return [main, ...(await dependenciesOf(archive, main, /^linux-(headers|kbuild)-/))]
}

/** The package's makefiles name /usr/src; they end up under `root`. */
async function relocateHeaders(headers: string, root: string): Promise<void> {
  const makefile = join(headers, 'Makefile')
  const text = await readFile(makefile, 'utf8')
  await writeFile(makefile, text.replaceAll(/(^|[ =])\/usr\/src\//gm, `$1${root}/usr/src/`))
}
