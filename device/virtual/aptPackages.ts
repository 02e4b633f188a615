import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../../contract/error.ts'
import { debianMirrors, INDEX_TARGET_ARGUMENTS, releaseSourcesList } from './aptSources.ts'
import { findProgram } from './findProgram.ts'
import type { GuestArch } from './guestArch.ts'
import { runOrFail } from './runProgram.ts'

/** Package lists to choose from, as apt options; apt verifies lists and packages by their signatures. */
export type AptArchive = { options: readonly string[] }

/** Gives the archive of a Debian release for an architecture, opening it at most once. */
export type OpenArchive = (release: string, arch?: GuestArch) => Promise<AptArchive>

/** Those that this process has opened, by their lists: renewing them takes longer than most downloads. */
const opened = new Map<string, Promise<AptArchive>>()

/** Private archives with backports, at the machine's own mirrors; /etc/apt stays as it is. */
export function archivesIn(cacheFolder: string): OpenArchive {
  return (release, arch = 'amd64') => {
    const lists = join(cacheFolder, 'apt', arch === 'amd64' ? release : `${release}-${arch}`)
    const archive = opened.get(lists) ?? openArchive(lists, release, arch)
    opened.set(lists, archive)
    // One that could not be opened is tried again.
    archive.catch(() => opened.delete(lists))
    return archive
  }
}

/** The same lists, in which the release's own packages go before newer ones of its backports. */
export function withoutBackports(archive: AptArchive, release: string): AptArchive {
  return { options: [...archive.options, `APT::Default-Release=${release}`] }
}

async function openArchive(lists: string, release: string, arch: GuestArch): Promise<AptArchive> {
  if (findProgram('apt-get') === null) {
    fail(
      'target-unavailable',
      'the virtual device is made of Debian packages, and this machine has no apt-get',
      'Start it on Debian, or use a real device.',
    )
  }
  const mirrors = debianMirrors(await runOrFail('apt-get', INDEX_TARGET_ARGUMENTS))
  if (mirrors === null) {
    fail(
      'target-unavailable',
      'the apt configuration of this machine names no Debian archive with its security archive',
      'Add the Debian sources of your release to /etc/apt/sources.list.d.',
    )
  }
  const sourcesList = `${lists}.list`
  await mkdir(join(lists, 'partial'), { recursive: true })
  await writeFile(sourcesList, releaseSourcesList(mirrors, release))
  const options = [
    `Dir::Etc::sourcelist=${sourcesList}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${lists}`,
    // Or every apt command reads through all of the lists.
    `Dir::Cache::pkgcache=${lists}.pkgcache.bin`,
    `Dir::Cache::srcpkgcache=${lists}.srcpkgcache.bin`,
    `APT::Default-Release=${release}-backports`,
    `APT::Architecture=${arch}`,
    `APT::Architectures=${arch}`,
  ]
  const archive = { options: [...COMMON_OPTIONS, ...options] }
  await runOrFail('apt-get', [...aptOptions(archive), '-qq', 'update'])
  return archive
}

// Only private folders are written, so neither root's lock nor the download user is needed.
const COMMON_OPTIONS = ['Debug::NoLocking=1', 'APT::Sandbox::User=root']

/** The archive as this machine has it configured. */
export const machineArchive: AptArchive = { options: COMMON_OPTIONS }

function aptOptions(archive: AptArchive): string[] {
  return archive.options.flatMap(option => ['-o', option])
}

/** Names of the packages that `metaPackage` depends on and that match. */
export async function dependenciesOf(
  archive: AptArchive,
  metaPackage: string,
  wanted: RegExp,
): Promise<string[]> {
  const text = await runOrFail('apt-cache', [...aptOptions(archive), 'depends', '--important', metaPackage])
  const names = [...text.matchAll(/^ *\|?Depends: (\S+)$/gm)].map(match => match[1] ?? '')
  return names.filter(name => wanted.test(name))
}

/** Downloads exactly these packages (`name` or `name/release`). */
export function downloadPackages(
  archive: AptArchive,
  packages: readonly string[],
): (folder: string) => Promise<void> {
  return async folder => {
    await runOrFail('apt-get', [...aptOptions(archive), '-qq', 'download', ...packages], { cwd: folder })
  }
}

export type InstallSet = { packages: readonly string[]; fromNothing: boolean }

/**
 * Downloads packages with everything they depend on, as `apt-get install` would, but installs nothing.
 * `fromNothing` ignores what this machine has installed; otherwise only what is missing here is fetched.
 */
export function downloadInstallSet(archive: AptArchive, set: InstallSet): (folder: string) => Promise<void> {
  return async folder => {
    await mkdir(join(folder, 'partial'), { recursive: true })
    const status = join(folder, 'partial', 'status')
    await writeFile(status, '')
    await runOrFail('apt-get', [
      ...aptOptions(archive),
      ...['-o', `Dir::Cache::archives=${folder}`],
      ...(set.fromNothing ? ['-o', `Dir::State::status=${status}`] : []),
      ...['-qq', '-y', '--no-install-recommends', '--download-only', 'install', ...set.packages],
    ])
  }
}

/**
 * Unpacks what `download` fetches into `folder`, then lets `finish` change the tree. A folder that exists
 * is complete: it is renamed into place as the last step.
 */
export async function unpackOnce(
  folder: string,
  download: (folder: string) => Promise<void>,
  finish: (tree: string) => Promise<void> = async () => {},
): Promise<void> {
  const partial = `${folder}.partial`
  const debs = `${folder}.debs`
  await rm(partial, { recursive: true, force: true })
  await rm(debs, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  await mkdir(debs, { recursive: true })
  await download(debs)
  for (const name of await readdir(debs)) {
    if (name.endsWith('.deb')) await runOrFail('dpkg-deb', ['-x', join(debs, name), partial])
  }
  await rm(debs, { recursive: true, force: true })
  await finish(partial)
  await rename(partial, folder)
}
