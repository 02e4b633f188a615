import { existsSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenArchive } from '../virtual/aptPackages.ts'
import { downloadInstallSet, unpackOnce } from '../virtual/aptPackages.ts'
import { NEWEST_RELEASE } from '../virtual/aptSources.ts'
import { runOrFail } from '../virtual/runProgram.ts'

const BUILD_TOOLS = [
  'base-files',
  'dash',
  'coreutils',
  'sed',
  'grep',
  'gawk',
  'findutils',
  'diffutils',
  'perl-base',
]

// objtool reads /proc; the compiler writes to /dev/null. Both are mounted in a namespace that ends with the build.
const BUILD_SCRIPT = `set -e
mount -t proc proc "$1/proc"
mount --bind /dev/null "$1/dev/null"
mount --bind "$2" "$1/mnt"
exec chroot "$1" env DEB_BUILD_ARCH=amd64 PATH=/usr/bin:/usr/sbin make -C "/usr/src/linux-headers-$3" \
  M=/mnt CONFIG_DEBUG_INFO_BTF_MODULES= modules`

/**
 * Builds the module in `sources` for Debian's newest kernel. Its headers need a compiler and a C library
 * newer than the host's, so a tree of that release's packages is made in the cache and entered with chroot.
 */
export async function buildForNewest(
  cacheFolder: string,
  archive: OpenArchive,
  kernelRelease: string,
  sources: string,
): Promise<void> {
  const tree = join(cacheFolder, `build-tree-${kernelRelease}`)
  if (!existsSync(tree)) {
    const packages = [...BUILD_TOOLS, 'make', 'binutils', `linux-headers-${kernelRelease}`]
    const download = downloadInstallSet(await archive(NEWEST_RELEASE), { packages, fromNothing: true })
    await unpackOnce(tree, download, finishTree)
  }
  const namespaces = ['--map-root-user', '--mount', '--pid', '--fork']
  await runOrFail('unshare', [...namespaces, 'sh', '-c', BUILD_SCRIPT, 'build', tree, sources, kernelRelease])
}

/** What the packages' own installation scripts would have done, and the places of the mounts. */
async function finishTree(tree: string): Promise<void> {
  await symlink('gawk', join(tree, 'usr/bin/awk'))
  await mkdir(join(tree, 'mnt'), { recursive: true })
  await writeFile(join(tree, 'dev/null'), '')
}
