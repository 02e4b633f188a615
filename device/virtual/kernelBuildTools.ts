import { existsSync } from 'node:fs'
import { readdir, readlink, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../../contract/error.ts'
import { downloadInstallSet, machineArchive, unpackOnce } from './aptPackages.ts'
import { findProgram } from './findProgram.ts'

const LIBRARIES = 'usr/lib/x86_64-linux-gnu'

/** Environment and arguments that make(1) needs to build a kernel here. */
export type KernelBuildTools = { environment: Record<string, string>; arguments: readonly string[] }

/**
 * What a kernel build needs beside gcc and make. What is not installed is unpacked into the cache; nothing is
 * installed on the machine.
 * @throws LabFailure `target-unavailable` without gcc or make.
 */
export async function ensureKernelBuildTools(cacheFolder: string): Promise<KernelBuildTools> {
  for (const program of ['gcc', 'make']) {
    if (findProgram(program) === null)
      fail('target-unavailable', `${program} is not installed`, 'apt-get install gcc make libc6-dev')
  }
  const missing = missingPackages()
  if (missing.length === 0) return { environment: {}, arguments: [] }
  const tree = join(cacheFolder, 'kernel-build-tools')
  if (!existsSync(tree)) {
    const download = downloadInstallSet(machineArchive, { packages: missing, fromNothing: false })
    await unpackOnce(tree, download, relinkLibraries)
  }
  return toolsIn(tree)
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
