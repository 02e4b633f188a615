import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../../contract/error.ts'
import type { OpenArchive } from './aptPackages.ts'
import { dependenciesOf, downloadPackages, unpackOnce, withoutBackports } from './aptPackages.ts'
import { GUEST_RELEASE, NEWEST_RELEASE } from './aptSources.ts'
import { ensureBareKernel } from './bareKernel.ts'
import type { BuiltFlavour } from './builtKernel.ts'
import { builtFlavours, ensureBuiltKernel } from './builtKernel.ts'
import { withFolderLock } from './folderLock.ts'
import type { GuestArch } from './guestArch.ts'

/**
 * Debian's kernels that the device can boot: `cloud` boots fastest, `generic` also has drivers such as vgem,
 * `newest` is the latest that Debian has, for the kernel module to keep up with, `newest-generic` the same with f2fs,
 * `oldest` the release's own, without backports: some years old, as phones' kernels are.
 */
const packagedFlavours = ['cloud', 'generic', 'newest', 'newest-generic', 'oldest'] as const
type PackagedFlavour = (typeof packagedFlavours)[number]

export const kernelFlavours = [...packagedFlavours, ...builtFlavours] as const
export type KernelFlavour = (typeof kernelFlavours)[number]

const KERNELS: Record<PackagedFlavour, { metaPackage: string; release: string; backports: boolean }> = {
  cloud: { metaPackage: 'linux-image-6.12-cloud-amd64', release: GUEST_RELEASE, backports: true },
  generic: { metaPackage: 'linux-image-6.12-amd64', release: GUEST_RELEASE, backports: true },
  newest: { metaPackage: 'linux-image-cloud-amd64', release: NEWEST_RELEASE, backports: true },
  'newest-generic': { metaPackage: 'linux-image-amd64', release: NEWEST_RELEASE, backports: true },
  oldest: { metaPackage: 'linux-image-cloud-amd64', release: GUEST_RELEASE, backports: false },
}

const DOWNLOAD_TIMEOUT_MS = 10 * 60_000

/** `folder` is where its initrd is kept, `buildTree` what modules for it are built against. */
export type GuestKernel = {
  arch: GuestArch
  folder: string
  vmlinuz: string
  /** The same, unpacked, which boots sooner; null where there is only the packed one. */
  bare: string | null
  /** In the layout of /lib/modules/RELEASE; null where all is built in. */
  modulesFolder: string | null
  release: string
  /** Null where Debian's headers package stands for it. */
  buildTree: string | null
}

/** An unpacked or built kernel; `archive` is opened only when it is missing. */
export async function ensureGuestKernel(
  cacheFolder: string,
  flavour: KernelFlavour,
  archive: OpenArchive,
): Promise<GuestKernel> {
  if (isBuilt(flavour)) return ensureBuiltKernel(cacheFolder, flavour, archive)
  return withFolderLock(cacheFolder, DOWNLOAD_TIMEOUT_MS, () =>
    ensurePackagedKernel(cacheFolder, flavour, archive),
  )
}

/** Debian's latest kernel, in either of its builds. */
export function isNewest(flavour: KernelFlavour | null): boolean {
  return flavour === 'newest' || flavour === 'newest-generic'
}

function isBuilt(flavour: KernelFlavour): flavour is BuiltFlavour {
  return builtFlavours.some(name => name === flavour)
}

async function ensurePackagedKernel(
  cacheFolder: string,
  flavour: PackagedFlavour,
  archive: OpenArchive,
): Promise<GuestKernel> {
  const { metaPackage, release, backports } = KERNELS[flavour]
  const folder = join(cacheFolder, `guest-kernel-${flavour}`)
  if (!existsSync(folder)) {
    const opened = await archive(release)
    const source = backports ? opened : withoutBackports(opened, release)
    const image = await dependenciesOf(source, metaPackage, /^linux-image-\d/)
    // Newer packages carry the kernel and its modules apart.
    const parts = await Promise.all(
      image.map(name => dependenciesOf(source, name, /^linux-(base|binary|modules)-\d/)),
    )
    await unpackOnce(folder, downloadPackages(source, [...image, ...parts.flat()]))
  }
  const kernel = await findKernel(folder)
  return { ...kernel, bare: await ensureBareKernel(kernel) }
}

async function findKernel(folder: string): Promise<GuestKernel> {
  for (const root of [join(folder, 'usr/lib/modules'), join(folder, 'lib/modules')]) {
    const release = existsSync(root) ? (await readdir(root))[0] : undefined
    if (release === undefined) continue
    const modulesFolder = join(root, release)
    const places = [join(modulesFolder, 'vmlinuz'), join(folder, 'boot', `vmlinuz-${release}`)]
    const vmlinuz = places.find(place => existsSync(place))
    if (vmlinuz !== undefined)
      return { arch: 'amd64', folder, vmlinuz, bare: null, modulesFolder, release, buildTree: null }
  }
  fail('internal', `${folder} holds no kernel`, 'Remove that folder and start again.')
}
