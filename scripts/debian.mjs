// Debian packages that npm cannot bring. Root on Debian gets them installed; anybody else gets the command.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** What each program is needed for and which package carries it. */
export const programs = {
  gcc: { file: '/usr/bin/gcc', packages: ['gcc', 'libc6-dev'] },
  'aarch64-linux-gnu-gcc': {
    file: '/usr/bin/aarch64-linux-gnu-gcc',
    packages: ['gcc-aarch64-linux-gnu', 'libc6-dev-arm64-cross'],
  },
  'qemu-aarch64-static': { file: '/usr/bin/qemu-aarch64-static', packages: ['qemu-user-static'] },
  clang: { file: '/usr/bin/clang-14', packages: ['clang-14', 'libclang-rt-14-dev'] },
  chromium: { file: '/usr/bin/chromium', packages: ['chromium', 'fonts-dejavu-core'] },
  // For the tests; 18 MB less to load than the whole browser, which a machine may have already.
  'chromium-headless-shell': {
    file: '/usr/lib/chromium/chromium-headless-shell',
    instead: '/usr/bin/chromium',
    packages: ['chromium-headless-shell', 'fonts-dejavu-core'],
  },
  'clang-format': { file: '/usr/bin/clang-format', packages: ['clang-format'] },
  fio: { file: '/usr/bin/fio', packages: ['fio'] },
  'dpkg-deb': { file: '/usr/bin/dpkg-deb', packages: ['dpkg'] },
  adb: { file: '/usr/bin/adb', packages: ['adb'] },
  'mkfs.btrfs': { file: '/usr/sbin/mkfs.btrfs', packages: ['btrfs-progs'] },
  'mkfs.xfs': { file: '/usr/sbin/mkfs.xfs', packages: ['xfsprogs'] },
  mksquashfs: { file: '/usr/bin/mksquashfs', packages: ['squashfs-tools'] },
  'mkfs.erofs': { file: '/usr/bin/mkfs.erofs', packages: ['erofs-utils'] },
  bindfs: { file: '/usr/bin/bindfs', packages: ['bindfs'] },
  'pkg-config': { file: '/usr/bin/pkg-config', packages: ['pkg-config'] },
  libfuse3: { file: '/usr/include/fuse3/fuse.h', packages: ['libfuse3-dev'] },
  python3: { file: '/usr/bin/python3', packages: ['python3'] },
}

/** What the conditions of docs/surroundings.md are made of. */
export const surroundings = [
  'mkfs.btrfs',
  'mkfs.xfs',
  'mksquashfs',
  'mkfs.erofs',
  'bindfs',
  'pkg-config',
  'libfuse3',
  'python3',
]

const isThere = ({ file, instead = file }) => existsSync(file) || existsSync(instead)

/**
 * Makes the named programs available.
 * @returns the names that are still missing; the command that would bring them has been printed.
 */
export function ensurePrograms(names) {
  const missing = names.filter(name => !isThere(programs[name]))
  if (missing.length === 0) return []
  const packages = missing.flatMap(name => programs[name].packages)
  const command = ['install', '-y', '--no-install-recommends', ...packages]
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    console.error(`dmabuf-lab: ${missing.join(', ')} missing. On Debian: sudo apt-get ${command.join(' ')}`)
    return missing
  }
  console.error(`dmabuf-lab: installing ${packages.join(', ')} (apt-get)`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = args =>
    spawnSync('apt-get', ['-q', ...args], { stdio: ['ignore', 'ignore', 2], env }).status === 0
  if (!apt(command)) {
    // A fresh machine has no package lists, or old ones.
    apt(['update'])
    apt(command)
  }
  return names.filter(name => !isThere(programs[name]))
}
