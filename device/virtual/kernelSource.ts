import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenArchive } from './aptPackages.ts'
import { downloadPackages, unpackOnce, withoutBackports } from './aptPackages.ts'
import { GUEST_RELEASE } from './aptSources.ts'
import { runOrFail } from './runProgram.ts'

const OLDEST_PACKAGE = 'linux-source-6.1'
const PACKAGE = 'linux-source-6.12'
// Where the guest's own kernel comes from; the backports have an older one of the same name.
const SUITE = `${GUEST_RELEASE}-security`

/** `changelog` changes with each version of the package. */
export type KernelSource = { tree: string; changelog: string }

/** Where the source lies once it was unpacked. */
export function kernelSourceIn(cacheFolder: string): KernelSource {
  const folder = join(cacheFolder, PACKAGE)
  return {
    tree: join(folder, PACKAGE),
    changelog: join(folder, 'usr/share/doc', PACKAGE, 'changelog.Debian.gz'),
  }
}

/** Debian's kernel source with Debian's patches (1.7 GB unpacked). Builds leave it as it is. */
export async function ensureKernelSource(cacheFolder: string, archive: OpenArchive): Promise<KernelSource> {
  const folder = join(cacheFolder, PACKAGE)
  if (!existsSync(folder)) {
    await unpackOnce(
      folder,
      downloadPackages(await archive(GUEST_RELEASE), [`${PACKAGE}/${SUITE}`]),
      async unpacked => {
        const tarball = join(unpacked, 'usr/src', `${PACKAGE}.tar.xz`)
        await runOrFail('tar', ['-xJf', tarball, '-C', unpacked])
        await rm(tarball)
      },
    )
  }
  return kernelSourceIn(cacheFolder)
}

/** The dma-buf drivers in the source of the `oldest` kernel; nothing else of it is kept. */
export async function ensureOldestDmabufSource(cacheFolder: string, archive: OpenArchive): Promise<string> {
  const folder = join(cacheFolder, `${OLDEST_PACKAGE}-dma-buf`)
  const drivers = join(OLDEST_PACKAGE, 'drivers/dma-buf')
  if (!existsSync(folder)) {
    const source = withoutBackports(await archive(GUEST_RELEASE), GUEST_RELEASE)
    await unpackOnce(folder, downloadPackages(source, [OLDEST_PACKAGE]), async unpacked => {
      const tarball = join(unpacked, 'usr/src', `${OLDEST_PACKAGE}.tar.xz`)
      await runOrFail('tar', ['-xJf', tarball, '-C', unpacked, drivers])
      await rm(tarball)
    })
  }
  return join(folder, drivers)
}
