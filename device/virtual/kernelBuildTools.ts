import { existsSync } from 'node:fs'
import { readdir, readlink, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../../contract/error.ts'
import { downloadInstallSet, machineArchive, unpackOnce } from './aptPackages.ts'
import { findProgram } from './findProgram.ts'
import type { GuestArch } from './guestArch.ts'
import { kernelMakeArguments, requireCompiler } from './guestArch.ts'

const LIBRARIES = 'usr/lib/x86_64-linux-gnu'

/** Environment and arguments that make(1) needs to build a kernel here. */
export type KernelBuildTools = { environment: Record<string, string>; arguments: readonly string[] }

/**
 * What a kernel build needs beside make and the compilers: of the host, for the build's own programs, and for `arch`.
 * What else is not installed is unpacked into the cache; nothing is installed on the machine.
 * @throws LabFailure `target-unavailable` without make or a compiler.
 */
export async function ensureKernelBuildTools(
  cacheFolder: string,
  arch: GuestArch,
): Promise<KernelBuildTools> {
  for (const built of ['amd64', arch] as const) requireCompiler(built)
  if (findProgram('make') === null)
    fail('target-unavailable', 'make is not installed', 'apt-get install make')
  const forArch = kernelMakeArguments(arch)
  const missing = missingPackages()
  if (missing.length === 0) return { environment: {}, arguments: forArch }
  const tree = join(cacheFolder, 'kernel-build-tools')
  if (!existsSync(tree)) {
    const download = downloadInstallSet(machineArchive, { packages: missing, fromNothing: false })
    await unpackOnce(tree, download, relinkLibraries)
  }
  const tools = toolsIn(tree)
  return { ...tools, arguments: [...tools.arguments, ...forArch] }
}

function missingPackages(): string[] {
  const programs = ['flex', 'bison', 'bc', 'patch'].filter(name => findProgram(name) === null)
  return existsSync('/usr/include/gelf.h') ? programs : [...programs, 'libelf-dev']
}

function toolsIn(tree: string): KernelBuildTools {
  const unpackedM4 = join(tree, 'usr/bin/m4')
  const bisonData = join(tree, 'usr/share/bison')
  return {
    environment: {
      PATH: `${join(tree, 'usr/bin')}:${process.env.PATH ?? ''}`,
      LD_LIBRARY_PATH: join(tree, LIBRARIES),
      ...(existsSync(unpackedM4) ? { M4: unpackedM4 } : {}),
      ...(existsSync(bisonData) ? { BISON_PKGDATADIR: bisonData } : {}),
    },
    arguments: [`HOSTCFLAGS=-I${join(tree, 'usr/include')}`, `HOSTLDFLAGS=-L${join(tree, LIBRARIES)}`],
  }
}

/** A -dev package links to a library beside it, which may be installed on the machine instead. */
async function relinkLibraries(tree: string): Promise<void> {
  const folder = join(tree, LIBRARIES)
  for (const name of existsSync(folder) ? await readdir(folder) : []) {
    const library = join(folder, name)
    const target = await readlink(library).catch(() => null)
    if (target === null || existsSync(library)) continue
    await rm(library)
    await symlink(join('/', LIBRARIES, target), library)
  }
}
