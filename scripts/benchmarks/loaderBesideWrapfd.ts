import type { SchemeId } from '../../contract/schemes.ts'
import { MiB } from '../../contract/size.ts'
import { whyNoVirtualDevice } from '../../device/virtual/whyNoVirtualDevice.ts'
import { type Cell, cellsOf, medianOf, totalsOf } from '../../findings/cells.ts'
import { comparePairs } from '../../findings/statistics/comparePairs.ts'
import { cellOf, figuresOf, medianAllocation, medianRead, speedup } from './loadFigures.ts'
import { allowHugePages, diskCeiling, type OwnDevice, withOwnDevice } from './ownDevice.ts'
import type { BenchResult } from './result.ts'
import { smallPagesOn } from './smallPageCosts.ts'

const bytes = 256 * MiB
/** As the loader itself would have it: an eighth, and with huge pages a quarter of a small load; two readers. */
const gatherBytes = 32 * MiB
/** Fixed before anything is measured. */
const repeated = ['--repeats', '7', '--warmups', '1']
/** More of the short loads, whose difference is of a few milliseconds. */
const hugeSizes = [
  { size: 64 * MiB, gather: 16 * MiB, repeats: ['--repeats', '15', '--warmups', '1'] },
  { size: bytes, gather: gatherBytes, repeats: repeated },
]
const ours: SchemeId = 'udmabuf-list-direct'
const before: SchemeId = 'udmabuf-gather-direct'
const android: SchemeId = 'wrapfd-direct'
const segments: SchemeId = 'wrapfd-segments-direct'

/**
 * The loader beside what Android ships, as the lab's module offers it on a stock kernel: on a disk that reads as fast as
 * a heap allocates, on one a tenth of that, and on one as fast as the host's memory.
 */
export async function loaderBesideWrapfd(): Promise<BenchResult[]> {
  const reason = whyNoVirtualDevice()
  if (reason !== null) {
    const name = `${ours} / ${android} on the virtual device`
    return [{ name, value: Number.NaN, unit: 'x', limit: { atMost: 1 }, notApplicable: reason }]
  }
  // The free disk first: it tells how fast a heap allocates, by which the others are set.
  const free = await withOwnDevice({ module: true }, async own => {
    const { small, results } = await onDisk(own, 'disk free', 'free')
    return { results, allocNs: medianAllocation(cellOf(small, android)) }
  })
  const throttled = async (speed: Speed, readNs: number) => {
    const diskBytesPerSecond = diskCeiling(bytes, readNs)
    const disk = `disk at ${Math.round(diskBytesPerSecond / 1e6)} MB/s`
    return withOwnDevice({ module: true, diskBytesPerSecond }, own => onDisk(own, disk, speed))
  }
  const near = await throttled('near', free.allocNs)
  const slow = await throttled('slow', 10 * free.allocNs)
  return [...near.results, ...slow.results, ...free.results]
}

/** How a disk reads beside a heap that allocates: about as fast, a tenth of that, or as the host's memory. */
type Speed = 'near' | 'slow' | 'free'

function runOf(
  own: OwnDevice,
  schemes: readonly SchemeId[],
  options: readonly string[],
  { size, gather }: { size: number; gather: number } = { size: bytes, gather: gatherBytes },
): Cell[] {
  const plan = ['--schemes', schemes.join(), '--sizes', `${size}`, '--gather', `${gather}`]
  return cellsOf(own.run([...plan, ...options]).samples)
}

/** What 4 KiB pages cost is told where storage does not hide it; a slow disk has only what is compared there. */
async function onDisk(own: OwnDevice, disk: string, speed: Speed) {
  await allowHugePages(own)
  const causes: SchemeId[] = speed === 'slow' ? [] : [before, 'memfd-direct']
  const small = runOf(own, [android, segments, ours, ...causes], repeated)
  const huge = hugeSizes.map(({ size, gather, repeats }) => ({
    size,
    cells: runOf(own, [android, ours], ['--huge-pages', '--readers', '2', '--no-ceiling', ...repeats], {
      size,
      gather,
    }),
  }))
  const results = [
    ...figuresOf(small, `${disk}, 256 MiB, gather 32 MiB`),
    ...huge.map(({ size, cells }) => atLeastAsFast(cells, `${disk}, ${size / MiB} MiB, huge pages`)),
    ...(speed === 'near' ? [overlappedSegments(small, disk)] : []),
    ...(speed === 'slow' ? [] : [smallPages(small, disk)]),
    ...(speed === 'near' ? await smallPagesOn(own) : []),
  ]
  return { small, results }
}

/** Hodges-Lehmann, which a few slow loads on either side do not move, and its interval. */
function atLeastAsFast(cells: readonly Cell[], where: string): BenchResult {
  const pair = { candidate: totalsOf(cellOf(cells, ours)), baseline: totalsOf(cellOf(cells, android)) }
  const [compared] = comparePairs([pair])
  const interval = compared === undefined ? '' : `, ${compared.low.toFixed(2)} to ${compared.high.toFixed(2)}`
  const name = `${where}: ${ours} / ${android}${interval}`
  return { name, value: compared?.ratio ?? Number.NaN, unit: 'x', limit: { atMost: 1 } }
}

function overlappedSegments(cells: readonly Cell[], disk: string): BenchResult {
  const serial = cellOf(cells, android)
  const value = speedup(serial, cellOf(cells, segments))
  const result = {
    name: `${disk}, 256 MiB, segments of 32 MiB: ${android} / ${segments}`,
    ...{ value, unit: 'x', limit: { atLeast: 1.4 } },
  }
  const [alloc, read] = [medianAllocation(serial), medianRead(serial)]
  const best = (alloc + read) / (alloc / 8 + Math.max((alloc * 7) / 8, read))
  if (best >= result.limit.atLeast) return result
  const spans = `alloc ${ms(alloc)}, load ${ms(read)} in ${android}`
  return { ...result, notApplicable: `${spans}: with perfect overlap the factor is ${best.toFixed(2)}` }
}

/** Memfds of their own let the second processor populate; where it has other work to do, nothing in user space can. */
function smallPages(cells: readonly Cell[], disk: string): BenchResult {
  const mine = cellOf(cells, ours)
  const result = {
    name: `${disk}, 256 MiB, 4 KiB pages: ${before} / ${ours}`,
    ...{ value: speedup(cellOf(cells, before), mine), unit: 'x', limit: { atLeast: 1.5 } },
  }
  const populate = medianAllocation(cellOf(cells, 'memfd-direct'))
  const read = medianRead(cellOf(cells, 'memfd-direct'))
  const create = mine.samples.map(sample => sample.createNs ?? 0).toSorted((a, b) => a - b)[
    mine.samples.length >> 1
  ]
  const cpu = medianOf(mine, sample => sample.figures.cpuNs ?? null) ?? 0
  // Two processors: populating halves at the best, and reading into 4 KiB pages wants them, too.
  const floor = Math.max(Math.max(populate / 2, read) + (create ?? 0), cpu / 2)
  const best = cellOf(cells, before).summary.median / floor
  if (best >= result.limit.atLeast) return result
  const parts = `populating alone takes ${ms(populate)}, the read ${ms(read)}, UDMABUF_CREATE_LIST ${ms(create ?? 0)}, all of it ${ms(cpu)} of processor time`
  return {
    ...result,
    notApplicable: `${parts}: on two processors the factor is ${best.toFixed(2)} at the best`,
  }
}

function ms(ns: number): string {
  return `${Math.round(ns / 1e6)} ms`
}
