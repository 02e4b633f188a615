import { MiB } from '../contract/size.ts'
import { cellsOf } from '../findings/cells.ts'
import { cellOf, medianAllocation } from './benchmarks/loadFigures.ts'
import { allowHugePages, diskCeiling, type OwnDevice, withOwnDevice } from './benchmarks/ownDevice.ts'
import { androidSchemes } from './kernelOrUserSpaceMeetings.ts'

/** The schemes that stand in the published order and those this project sets beside them. */
const orderSchemes = [
  ...['normal', 'udmabuf-buffered', 'udmabuf-direct', 'sendfile-buffered', 'sendfile-direct'],
  ...['read-sync-direct', 'read-async-buffered', 'read-async-direct', 'udmabuf-gather-direct'],
]
const pair = ['read-async-direct', 'udmabuf-gather-direct']
/** An eighth of the largest file of each, as a program would take it; and a file that one gather holds. */
const sizesByGather = [
  { gather: '8MiB', sizes: '8MiB,64MiB' },
  { gather: '32MiB', sizes: '256MiB' },
]
/** The loader's own gather with huge pages: an eighth, or a quarter of a small load. */
const androidSizes = [
  { gather: '16MiB', size: '64MiB' },
  { gather: '32MiB', size: '256MiB' },
]
const largestBytes = 256 * MiB
/** Fixed before anything is measured. */
const repeated = ['--repeats', '7', '--warmups', '1']

/**
 * Makes the runs of the document and keeps them in a database, on three disks: one as fast as the host's memory, one that
 * reads as fast as the module allocates there, and one ten times slower.
 */
export async function makeRuns(databaseFile: string): Promise<void> {
  const allocNs = await withOwnDevice({ module: true }, async own => {
    await runAll(own, 'free', databaseFile)
    return moduleAllocation(own)
  })
  for (const times of [1, 10]) {
    const diskBytesPerSecond = diskCeiling(largestBytes, times * allocNs)
    const disk = `at-${Math.round(diskBytesPerSecond / 1e6)}-MBps`
    await withOwnDevice({ module: true, diskBytesPerSecond }, async own => {
      const run = await runAll(own, disk, databaseFile)
      if (times === 1) run(orderSchemes, ['--sizes', '256MiB', '--gather', '32MiB'])
    })
  }
}

/** What every disk has; the returned function makes more runs there. */
async function runAll(own: OwnDevice, disk: string, databaseFile: string) {
  await allowHugePages(own)
  const run = (schemes: readonly string[], options: readonly string[]) =>
    own.run([
      ...['--schemes', schemes.join(), ...options, ...repeated],
      // The folder's name says in the stored plan which disk it was.
      ...['--dir', `/data/local/tmp/disk-${disk}`, '--db', databaseFile],
    ])
  for (const pages of [[], ['--huge-pages']]) {
    for (const { gather, sizes } of sizesByGather) {
      run(pair, ['--sizes', sizes, '--gather', gather, ...pages])
    }
    for (const { gather, size } of androidSizes) {
      run(androidSchemes, ['--sizes', size, '--gather', gather, ...pages])
    }
  }
  return run
}

/** How long the module allocates for the largest file, with nothing beside it, in ns. */
function moduleAllocation(own: OwnDevice): number {
  const { samples } = own.run([
    ...['--schemes', 'read-sync-direct', '--sizes', `${largestBytes}`, '--no-ceiling'],
    ...repeated,
  ])
  return medianAllocation(cellOf(cellsOf(samples), 'read-sync-direct'))
}
