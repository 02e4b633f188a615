import { type Bench, fileBytes } from './bench.ts'

/** What is loaded, by what the lab is started, and how long whoever disturbs it goes on. */
export type Setting = {
  readonly file: string | Buffer
  /** Words before the lab's own: another limit, another namespace. */
  readonly through?: readonly string[]
  /** Further words of `lab run`. */
  readonly options?: readonly string[]
  /** What happens beside it varies: then a cell says only whether it was marked. */
  readonly varies?: boolean
  /** As a person's lab, which drops the caches of the whole machine: a test's drops those of the file that it loads. */
  readonly asPerson?: boolean
}

export type Condition = {
  readonly name: string
  readonly setUp: (bench: Bench) => Setting | Promise<Setting>
}

const onDisk =
  (kind: string, make: readonly string[], options: readonly string[] = []) =>
  (bench: Bench): Setting => {
    const folder = bench.loopMount(kind, make, options)
    return { file: bench.randomFile(folder) }
  }

const withOddFuse =
  (mode: string) =>
  async (bench: Bench): Promise<Setting> => ({ file: await bench.oddFuse(mode) })

const readOnly =
  (kind: string, make: (source: string, image: string) => readonly string[]) =>
  (bench: Bench): Setting => ({ file: `${bench.packedMount(kind, make)}/random.bin` })

/** A mount namespace of its own, in which some commands are run first. */
function within(commands: string): string[] {
  return ['unshare', '--mount', 'bash', '-c', `${commands}; exec "$@"`, '--']
}

/** Where the lab may run, and what it must see of it; in the order of the table. */
export const conditions: readonly Condition[] = [
  { name: 'ext4', setUp: onDisk('ext4', ['mkfs.ext4', '-q', '-F']) },
  { name: 'ext4 with blocks of 1 KiB', setUp: onDisk('ext4', ['mkfs.ext4', '-q', '-F', '-b', '1024']) },
  {
    name: 'ext4 on sectors of 4 KiB',
    setUp: bench => ({ file: bench.randomFile(bench.wideSectorMount(['mkfs.ext4', '-q', '-F'])) }),
  },
  {
    name: 'ext4 that journals data, which falls back to buffered without a word',
    setUp: onDisk('ext4', ['mkfs.ext4', '-q', '-F'], ['data=journal']),
  },
  {
    name: 'the same, and somebody drops its pages all the time',
    setUp: bench => {
      const setting = onDisk('ext4', ['mkfs.ext4', '-q', '-F'], ['data=journal'])(bench)
      // POSIX_FADV_DONTNEED on this file alone: whoever else runs here keeps his pages.
      bench.beside(`while :; do dd if=${setting.file} iflag=nocache count=0 status=none; sleep 0.01; done`)
      return { ...setting, varies: true }
    },
  },
  {
    name: 'ext4 that keeps a file of 60 bytes in its inode',
    setUp: bench => {
      const folder = bench.loopMount('ext4', ['mkfs.ext4', '-q', '-F', '-O', 'inline_data'])
      return { file: bench.randomFile(folder, 'inline.bin', 60) }
    },
  },
  {
    name: 'ext4, and nobody may write to the file (chattr +i)',
    setUp: bench => ({ file: bench.immutableFile(bench.disk()) }),
  },
  { name: 'xfs', setUp: onDisk('xfs', ['mkfs.xfs', '-q', '-f']) },
  { name: 'btrfs', setUp: onDisk('btrfs', ['mkfs.btrfs', '-q', '-f']) },
  {
    name: 'btrfs that has compressed the file',
    setUp: bench => ({
      file: bench.textFile(bench.loopMount('btrfs', ['mkfs.btrfs', '-q', '-f'], ['compress-force=zstd'])),
    }),
  },
  {
    name: 'squashfs, read-only',
    setUp: readOnly('squashfs', (source, image) => ['mksquashfs', source, image, '-quiet', '-no-progress']),
  },
  {
    name: 'erofs that has compressed the file',
    setUp: bench => {
      const make = (source: string, image: string) => ['mkfs.erofs', '-zlz4', image, source]
      return { file: `${bench.packedMount('erofs', make, folder => bench.textFile(folder))}/text.bin` }
    },
  },
  {
    name: 'erofs that keeps a file of 1000 bytes beside its inode',
    setUp: bench => {
      const make = (source: string, image: string) => ['mkfs.erofs', image, source]
      const fill = (folder: string) => bench.randomFile(folder, 'inline.bin', 1000)
      return { file: `${bench.packedMount('erofs', make, fill)}/inline.bin` }
    },
  },
  { name: 'erofs, read-only', setUp: readOnly('erofs', (source, image) => ['mkfs.erofs', image, source]) },
  {
    name: 'tmpfs',
    setUp: bench => ({ file: bench.randomFile(bench.mount('tmpfs', ['-t', 'tmpfs', 'tmpfs'])) }),
  },
  {
    name: 'ramfs',
    setUp: bench => ({ file: bench.randomFile(bench.mount('ramfs', ['-t', 'ramfs', 'ramfs'])) }),
  },
  {
    name: 'overlayfs, as in a container',
    // Its pages are those of a file below.
    setUp: bench => ({ file: bench.overlayFile(), asPerson: true }),
  },
  {
    name: 'overlayfs, and another process has the file mapped',
    setUp: async bench => {
      const file = bench.overlayFile()
      await bench.holdMapped(file)
      return { file }
    },
  },
  {
    name: 'a single file of xfs, mounted into ext4',
    setUp: bench => {
      const file = bench.randomFile(bench.loopMount('xfs', ['mkfs.xfs', '-q', '-f']))
      return { file: bench.bindFile(file, bench.loopMount('ext4', ['mkfs.ext4', '-q', '-F'])) }
    },
  },
  { name: 'FUSE (bindfs)', setUp: async bench => ({ file: await bench.bindfsFile(), asPerson: true }) },
  { name: 'FUSE that refuses direct reads with EINVAL', setUp: withOddFuse('refuse') },
  { name: 'FUSE that forbids O_DIRECT with EPERM', setUp: withOddFuse('forbid') },
  { name: 'FUSE that fails with EIO half-way', setUp: withOddFuse('fail') },
  { name: 'FUSE that fails with ENOMEM half-way', setUp: withOddFuse('starve') },
  { name: 'FUSE whose direct reads come back half', setUp: withOddFuse('halve') },
  { name: 'FUSE whose direct reads come back cut', setUp: withOddFuse('cut') },
  { name: 'a file that ends before its size', setUp: withOddFuse('shrink') },
  {
    name: 'a file of nothing but a hole',
    setUp: bench => ({ file: bench.sparseFile(bench.disk(), 0) }),
  },
  {
    name: 'a file with 1 MiB of data and holes around it',
    setUp: bench => ({ file: bench.sparseFile(bench.disk(), 1 << 20) }),
  },
  { name: 'a file that is only reserved', setUp: bench => ({ file: bench.reservedFile(bench.disk()) }) },
  {
    name: 'somebody reads another file of the same disk directly',
    setUp: bench => {
      const folder = bench.disk()
      const other = bench.randomFile(folder, 'other.bin')
      bench.beside(`while :; do dd if=${other} of=/dev/null bs=1M iflag=direct status=none; done`)
      return { file: bench.randomFile(folder) }
    },
  },
  {
    name: 'somebody reads the same file over and over',
    setUp: bench => {
      const file = bench.randomFile(bench.disk())
      bench.beside(`while :; do cat ${file} > /dev/null; done`)
      return { file, varies: true }
    },
  },
  {
    name: 'a control group with less memory than the load',
    setUp: bench => ({
      file: bench.sparseFile(bench.disk(), 0, 512 << 20),
      through: bench.throughMemoryLimit(400 << 20),
    }),
  },
  {
    name: 'a limit on the size of files (ulimit -f) below the load',
    setUp: bench => ({
      file: bench.randomFile(bench.disk()),
      through: ['bash', '-c', `ulimit -f ${fileBytes / 2048}; exec "$@"`, '--'],
    }),
  },
  {
    name: 'a PID namespace of its own',
    setUp: bench => ({
      file: bench.randomFile(bench.disk()),
      through: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'],
    }),
  },
  {
    name: 'a name that is not UTF-8',
    setUp: bench => ({
      file: bench.renamed(bench.randomFile(bench.disk()), Buffer.from('caf\xe9.bin', 'latin1')),
    }),
  },
  {
    name: 'no /proc',
    setUp: bench => ({ file: bench.randomFile(bench.disk()), through: within('umount -l /proc') }),
  },
]
