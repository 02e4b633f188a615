import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail } from '../../contract/error.ts'
import type { OpenArchive } from './aptPackages.ts'
import { withFolderLock } from './folderLock.ts'
import type { GuestArch } from './guestArch.ts'
import { archFacts } from './guestArch.ts'
import type { GuestKernel } from './guestKernel.ts'
import type { KernelBuildTools } from './kernelBuildTools.ts'
import { ensureKernelBuildTools } from './kernelBuildTools.ts'
import { droppedOptions } from './kernelConfig.ts'
import type { KernelSource } from './kernelSource.ts'
import { ensureKernelSource, kernelSourceIn } from './kernelSource.ts'
import { runOrFail } from './runProgram.ts'

/**
 * Kernels built from Debian's source: `debug` has KASAN, lockdep and kmemleak; each patched one carries one
 * interface of the refused series; each for arm64 has dma-heaps, which Debian's own lack, and a phone's file systems.
 */
export const builtFlavours = ['debug', 'patched-ioctl', 'patched-heap-flag', 'arm64-4k', 'arm64-16k'] as const
export type BuiltFlavour = (typeof builtFlavours)[number]

type Recipe = { arch: GuestArch; config: readonly string[]; patches: readonly string[] }

// Both interfaces of the refused series rest on it.
const CORE = 'alloc-and-read-core.patch'

const Q35 = ['small.config', 'q35.config']
const VIRT = ['small.config', 'virt.config', 'phone.config']

const RECIPES: Record<BuiltFlavour, Recipe> = {
  debug: { arch: 'amd64', config: [...Q35, 'debug.config'], patches: [] },
  'patched-ioctl': { arch: 'amd64', config: Q35, patches: [CORE, 'alloc-and-read-ioctl.patch'] },
  'patched-heap-flag': { arch: 'amd64', config: Q35, patches: [CORE, 'alloc-and-read-heap-flag.patch'] },
  'arm64-4k': { arch: 'arm64', config: [...VIRT, 'pages-4k.config'], patches: [] },
  'arm64-16k': { arch: 'arm64', config: [...VIRT, 'pages-16k.config'], patches: [] },
}

const DOWNLOAD_TIMEOUT_MS = 10 * 60_000
const BUILD_TIMEOUT_MS = 60 * 60_000
const fileOf = (folder: string) => (name: string) =>
  fileURLToPath(new URL(`${folder}/${name}`, import.meta.url))

/**
 * The kernel of that flavour, built once per source package, configuration and patch. Its folder keeps the tree
 * (`source`, where it is patched), the build (`build`) and `make`, a script that builds it again after a change.
 * @throws LabFailure `target-unavailable` with the end of what the build said.
 */
export async function ensureBuiltKernel(
  cacheFolder: string,
  flavour: BuiltFlavour,
  archive: OpenArchive,
): Promise<GuestKernel> {
  return withFolderLock(`${cacheFolder}/built-kernel-${flavour}`, BUILD_TIMEOUT_MS, async () => {
    const { source, tools } = await withFolderLock(cacheFolder, DOWNLOAD_TIMEOUT_MS, async () => ({
      source: await ensureKernelSource(cacheFolder, archive),
      tools: await ensureKernelBuildTools(cacheFolder, RECIPES[flavour].arch),
    }))
    const folder = await folderOf(cacheFolder, flavour, source)
    if (!existsSync(join(folder, 'complete'))) {
      if (!existsSync(join(folder, 'configured'))) await prepare(folder, flavour, { source, tools })
      await build(folder, flavour)
    }
    return findBuiltKernel(folder, RECIPES[flavour].arch)
  })
}

/** True where the kernel of that flavour is built, as this version of the lab would build it. */
export async function isKernelBuilt(cacheFolder: string, flavour: BuiltFlavour): Promise<boolean> {
  const source = kernelSourceIn(cacheFolder)
  if (!existsSync(source.changelog)) return false
  return existsSync(join(await folderOf(cacheFolder, flavour, source), 'complete'))
}

const configFiles = (flavour: BuiltFlavour) => RECIPES[flavour].config.map(fileOf('kernelConfig'))
const patchFiles = (flavour: BuiltFlavour) => RECIPES[flavour].patches.map(fileOf('kernelPatches'))

async function folderOf(cacheFolder: string, flavour: BuiltFlavour, source: KernelSource): Promise<string> {
  const recipe = await hashFiles([source.changelog, ...configFiles(flavour), ...patchFiles(flavour)])
  return join(cacheFolder, `built-kernel-${flavour}-${recipe}`)
}

/** All up to the build, which goes on where it was cut off. */
async function prepare(
  folder: string,
  flavour: BuiltFlavour,
  { source, tools }: { source: KernelSource; tools: KernelBuildTools },
): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'build'), { recursive: true })
  const tree = await patchedTree(source.tree, patchFiles(flavour), folder)
  await writeMakeScript(folder, tree, tools)
  await configure(folder, flavour, configFiles(flavour))
  await writeFile(join(folder, 'configured'), '')
}

async function hashFiles(files: readonly string[]): Promise<string> {
  const digest = createHash('sha256')
  for (const file of files) digest.update(await readFile(file))
  return digest.digest('hex').slice(0, 12)
}

/** The tree itself where there is nothing to patch, else a copy. */
async function patchedTree(tree: string, patches: readonly string[], folder: string): Promise<string> {
  if (patches.length === 0) return tree
  const copy = join(folder, 'source')
  await runOrFail('cp', ['-a', '--reflink=auto', tree, copy])
  for (const patch of patches) await runOrFail('patch', ['-p1', '--batch', '-d', copy, '-i', patch])
  return copy
}

async function writeMakeScript(folder: string, tree: string, tools: KernelBuildTools): Promise<void> {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  const exports = Object.entries(tools.environment).map(([name, value]) => `export ${name}=${quoted(value)}`)
  const words = ['-C', tree, `O=${join(folder, 'build')}`, ...tools.arguments].map(quoted)
  const script = ['#!/bin/sh', '# Builds this kernel again: ./make -j2 TARGET modules', ...exports]
  await writeFile(join(folder, 'make'), `${script.join('\n')}\nexec make ${words.join(' ')} "$@"\n`)
  await chmod(join(folder, 'make'), 0o755)
}

async function configure(folder: string, flavour: BuiltFlavour, files: readonly string[]): Promise<void> {
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8')))
  const fragments = [...texts, `CONFIG_LOCALVERSION="-${flavour}"\n`].join('')
  const wanted = join(folder, 'wanted.config')
  await writeFile(wanted, fragments)
  await runOrFail(join(folder, 'make'), [`KCONFIG_ALLCONFIG=${wanted}`, 'allnoconfig'])
  const dropped = droppedOptions(fragments, await readFile(join(folder, 'build/.config'), 'utf8'))
  if (dropped.length > 0) {
    const hint = 'Name what they depend on in device/virtual/kernelConfig.'
    fail('internal', `this kernel source has no place for ${dropped.join(', ')}`, hint)
  }
}

async function build(folder: string, flavour: BuiltFlavour): Promise<void> {
  process.stderr.write(
    `Building the ${flavour} kernel, once: some minutes on many processors, more on few.\n`,
  )
  const jobs = `-j${availableParallelism()}`
  const { imageTarget } = archFacts[RECIPES[flavour].arch]
  await runOrFail('nice', ['-n', '19', join(folder, 'make'), jobs, imageTarget, 'modules'])
  await writeFile(join(folder, 'complete'), '')
}

async function findBuiltKernel(folder: string, arch: GuestArch): Promise<GuestKernel> {
  const buildTree = join(folder, 'build')
  const release = await readFile(join(buildTree, 'include/config/kernel.release'), 'utf8')
  const vmlinuz = join(buildTree, archFacts[arch].image)
  return { arch, folder, vmlinuz, bare: null, modulesFolder: null, release: release.trim(), buildTree }
}
