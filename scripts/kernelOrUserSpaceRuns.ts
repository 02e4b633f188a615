import { MiB } from '../contract/size.ts'
import { cellsOf } from '../findings/cells.ts'
import { cellOf, medianAllocation } from './benchmarks/loadFigures.ts'
import { allowHugePages, diskCeiling, type OwnDevice, withOwnDevice } from './benchmarks/ownDevice.ts'
import { androidSchemes } from './kernelOrUserSpaceAndroid.ts'

/** The schemes that stand in the published order and those this project sets beside them. */
const orderSchemes = [
  ...['normal', 'udmabuf-buffered', 'udmabuf-direct', 'sendfile-buffered', 'sendfile-direct'],
  ...['read-sync-direct', 'read-async-buffered', 'read-async-direct', 'udmabuf-gather-direct'],
]
const pair = ['read-async-direct', 'udmabuf-gather-direct']
/** A gather that holds the whole file leaves nothing to overlap, so larger ones than that are not repeated. */
const sizesByGather = [
  { gather: '8MiB', sizes: '8MiB,64MiB,256MiB' },
  { gather: '32MiB', sizes: '64MiB,256MiB' },
  { gather: '128MiB', sizes: '256MiB' },
]
const largestBytes = 256 * MiB
/** Fixed before anything is measured. */
const repeated = ['--repeats', '7', '--warmups', '1']

/**
 * Makes the runs of the document and keeps them in a database, on three disks: one that reads as fast as the module
 * allocates, one ten times slower, and one as fast as the host's memory.
 */
export async function makeRuns(databaseFile: string): Promise<void> {
  const allocNs = await withOwnDevice({ module: true }, moduleAllocation)
  const [below, near] = [diskCeiling(largestBytes, 10 * allocNs), diskCeiling(largestBytes, allocNs)]
  for (const diskBytesPerSecond of [near, below, null]) {
    await withOwnDevice({ module: true, diskBytesPerSecond }, async own => {
      await allowHugePages(own)
      const disk = diskBytesPerSecond === null ? 'free' : `at-${Math.round(diskBytesPerSecond / 1e6)}-MBps`
      const run = (schemes: readonly string[], options: readonly string[]) =>
        own.run([
          ...['--schemes', schemes.join(), ...options, ...repeated],
          // The folder's name says in the stored plan which disk it was.
          ...['--dir', `/data/local/tmp/disk-${disk}`, '--db', databaseFile],
        ])
      if (diskBytesPerSecond === near) run(orderSchemes, ['--sizes', '8MiB,256MiB', '--gather', '32MiB'])
      for (const pages of [[], ['--huge-pages']]) {
        for (const { gather, sizes } of sizesByGather) {
          run(pair, ['--sizes', sizes, '--gather', gather, ...pages])
        }
        run([...pair, ...androidSchemes], ['--sizes', '64MiB,256MiB', '--gather', '32MiB', ...pages])
      }
    })
  }
}

/** How long the module allocates for the largest file, with nothing beside it, in ns. */
function moduleAllocation(own: OwnDevice): number {
  const { samples } = own.run([
    ...['--schemes', 'read-sync-direct', '--sizes', `${largestBytes}`, '--no-ceiling'],
    ...repeated,
  ])
  return medianAllocation(cellOf(cellsOf(samples), 'read-sync-direct'))
}
