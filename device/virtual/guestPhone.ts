import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OpenArchive } from './aptPackages.ts'
import { downloadPackages, unpackOnce } from './aptPackages.ts'
import { GUEST_RELEASE } from './aptSources.ts'
import type { GuestArch } from './guestArch.ts'
import { archFacts, requireCompiler } from './guestArch.ts'
import { copyLibraries } from './guestLibraries.ts'
import { runOrFail } from './runProgram.ts'

/** Whom adb lets in: root, or as on a phone that is not rooted the user `shell`. */
export const guestUsers = ['root', 'shell'] as const
export type GuestUser = (typeof guestUsers)[number]

/** What makes the guest a phone to its user: unpacked packages, and a version of all that is laid out. */
export type Phone = { arch: GuestArch; packages: string; version: string }

const folder = fileURLToPath(new URL('guestPhone', import.meta.url))

type Placed = { readonly from: string; readonly to: string; readonly mode: number }

const files: readonly Placed[] = [
  { from: 'becomePhone.sh', to: 'become-phone', mode: 0o755 },
  { from: 'getprop.sh', to: 'system/bin/getprop', mode: 0o755 },
  { from: 'build.prop', to: 'system/build.prop', mode: 0o644 },
  { from: 'commands.txt', to: 'system/etc/commands', mode: 0o644 },
  { from: 'passwd', to: 'etc/passwd', mode: 0o644 },
  { from: 'group', to: 'etc/group', mode: 0o644 },
]
const DENY_SOURCE = 'deny.c'

/** Android's own shell and commands, what serves /sdcard through FUSE, and the libraries that these need. */
const PACKAGES = ['mksh', 'toybox', 'libcrypt1', 'bindfs', 'libfuse2']
const programs: readonly Placed[] = [
  { from: 'bin/mksh', to: 'system/bin/sh', mode: 0o755 },
  { from: 'bin/toybox', to: 'system/bin/toybox', mode: 0o755 },
  { from: 'usr/bin/bindfs', to: 'system/libexec/bindfs', mode: 0o755 },
]

export async function ensurePhone(
  cacheFolder: string,
  arch: GuestArch,
  archive: OpenArchive,
): Promise<Phone> {
  // Named by what is in it: one of another version's packages is left alone.
  const packages = join(cacheFolder, `guest-phone-${arch}-${PACKAGES.join('+')}`)
  if (!existsSync(packages))
    await unpackOnce(packages, downloadPackages(await archive(GUEST_RELEASE, arch), PACKAGES))
  const version = createHash('sha256')
  for (const from of [...files.map(file => file.from), DENY_SOURCE])
    version.update(await readFile(join(folder, from)))
  return { arch, packages, version: version.digest('hex') }
}

/** Into a tree that has the guest's init and adbd already. */
export async function layOutPhone(tree: string, { arch, packages }: Phone, userSpace: string): Promise<void> {
  for (const file of files) await place(tree, { ...file, from: join(folder, file.from) })
  for (const program of programs) {
    const from = join(packages, program.from)
    await place(tree, { ...program, from })
    await copyLibraries(tree, from, [packages, userSpace], archFacts[arch].triplet)
  }
  const flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-O2', '-static', '-s']
  await runOrFail(requireCompiler(arch), [...flags, join(folder, DENY_SOURCE), '-o', join(tree, 'sbin/deny')])
}

async function place(tree: string, { from, to, mode }: Placed): Promise<void> {
  await mkdir(dirname(join(tree, to)), { recursive: true })
  await copyFile(from, join(tree, to))
  await chmod(join(tree, to), mode)
}
