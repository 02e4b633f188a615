import type { Mark } from '../../contract/sample.ts'
import type { Environment, MeasuredFile } from '../../contract/target.ts'

type State = MeasuredFile['states'][number]
type Place = Pick<Environment, 'fileSystem' | 'mountOptions' | 'file'>
type Cause = {
  readonly of: string
  readonly states?: readonly State[]
  readonly option?: RegExp
  readonly text: string
}

const through = 'through the page cache'
const onlyInline = 'directly only with inline encryption (mount option inlinecrypt)'

/**
 * Why a file system reads a file through the page cache where a direct read was asked for, as the sources of Linux say:
 * fs/f2fs/file.c f2fs_force_buffered_io() (inline data since 6.6.31 and 6.9: before, such a direct read gave zeros),
 * fs/ext4/inode.c ext4_dio_alignment(), fs/crypto/inline_crypt.c fscrypt_dio_supported(), fs/btrfs/direct-io.c
 * btrfs_dio_iomap_begin(), fs/erofs/inode.c erofs_fill_inode() (no a_ops for direct reads, so that open() fails),
 * fs/erofs/data.c erofs_iomap_begin(). The first that fits.
 */
const ofBuffered: readonly Cause[] = [
  { of: 'f2fs', states: ['compressed'], text: `f2fs reads compressed files ${through}` },
  { of: 'f2fs', states: ['verity'], text: `f2fs reads files with fs-verity ${through}` },
  { of: 'f2fs', states: ['inline'], text: `f2fs reads data that lie in the inode (inline data) ${through}` },
  {
    of: 'f2fs',
    option: /(^|,)checkpoint=disable/,
    text: `f2fs reads every file ${through} while its checkpoints are disabled (mount option checkpoint=disable)`,
  },
  { of: 'f2fs', states: ['encrypted'], text: `f2fs reads encrypted files ${onlyInline}` },
  { of: 'ext4', states: ['verity'], text: `ext4 reads files with fs-verity ${through}` },
  { of: 'ext4', states: ['inline'], text: `ext4 reads data that lie in the inode (inline data) ${through}` },
  { of: 'ext4', states: ['journalled'], text: `ext4 reads files whose data it journals ${through}` },
  {
    of: 'ext4',
    option: /(^|,)data=journal(,|$)/,
    text: `ext4 reads files whose data it journals ${through} (mount option data=journal)`,
  },
  { of: 'ext4', states: ['encrypted'], text: `ext4 reads encrypted files ${onlyInline}` },
  { of: 'btrfs', states: ['compressed'], text: `btrfs reads compressed extents ${through}` },
  {
    of: 'btrfs',
    states: ['inline'],
    text: `btrfs reads data that lie in the tree (inline extents) ${through}`,
  },
  { of: 'erofs', states: ['compressed'], text: 'erofs opens no compressed file with O_DIRECT' },
  {
    of: 'erofs',
    states: ['inline'],
    text: `erofs reads data that lie beside the inode (inline data) ${through}`,
  },
]

/**
 * Why it is not to be known where the bytes came from: fs/fuse/file.c fuse_direct_io() (O_DIRECT leaves out FUSE's own
 * page cache, and not that of the file which the daemon opened), mm/shmem.c, fs/ramfs/file-mmu.c.
 */
const ofUnproved: readonly Cause[] = [
  {
    of: 'fuse',
    text:
      'FUSE has its daemon read, whose own reads may fill the page cache below, ' +
      'and the kernel does not tell where it had the bytes from',
  },
  { of: 'tmpfs', text: 'tmpfs has its files in the page cache and nowhere else' },
  { of: 'ramfs', text: 'ramfs has its files in the page cache and nowhere else' },
]

const causes: Partial<Record<Mark, readonly Cause[]>> = {
  'fell back to buffered': ofBuffered,
  'path not proved': ofUnproved,
}

/** Why a load of the measured file has this mark, as far as its file system and its state tell; else `null`. */
export function pathCause(mark: Mark, place: Place | null): string | null {
  const found = place === null ? undefined : causes[mark]?.find(cause => fits(cause, place))
  return found?.text ?? null
}

/** `fuse.bindfs` and `fuseblk` are FUSE, too. */
function fits({ of, states = [], option }: Cause, { fileSystem, mountOptions, file }: Place): boolean {
  const isOf = of === 'fuse' ? (fileSystem ?? '').startsWith('fuse') : fileSystem === of
  const isIn = states.every(state => file?.states.includes(state) ?? false)
  return isOf && isIn && (option === undefined || option.test(mountOptions ?? ''))
}

/** A mark with its cause: `fell back to buffered: f2fs reads compressed files through the page cache`. */
export function markText(mark: Mark, place: Place | null): string {
  const cause = pathCause(mark, place)
  return cause === null ? mark : `${mark}: ${cause}`
}

/** Why the measured file is never read directly: the kernel says so (alignment 0), or never opens it so; else `null`. */
export function neverDirectText(environment: Environment): string | null {
  const cause = pathCause('fell back to buffered', environment)
  if (environment.fileSystem === 'erofs' && environment.file?.states.includes('compressed')) return cause
  if (environment.directMemoryAlignBytes !== 0) return null
  return cause ?? 'the kernel reads this file through the page cache alone'
}
