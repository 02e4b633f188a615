import type { SchemeId } from '../../contract/schemes.ts'
import { MiB } from '../../contract/size.ts'
import { whyNoVirtualDevice } from '../../device/virtual/whyNoVirtualDevice.ts'
import { type Cell, cellsOf, medianOf } from '../../findings/cells.ts'
import { cellOf, figuresOf, medianAllocation, medianRead, speedup } from './loadFigures.ts'
import { allowHugePages, diskCeiling, type OwnDevice, withOwnDevice } from './ownDevice.ts'
import type { BenchResult } from './result.ts'
import { smallPagesOn } from './smallPageCosts.ts'

const bytes = 256 * MiB
const gatherBytes = 32 * MiB
/** Fixed before anything is measured. */
const repeated = ['--repeats', '7', '--warmups', '1']
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
  const allocNs = await withOwnDevice({ module: true }, own =>
    medianAllocation(cellOf(runOf(own, [android], ['--no-ceiling']), android)),
  )
  const disks = [diskCeiling(bytes, allocNs), diskCeiling(bytes, 10 * allocNs), null]
  const results: BenchResult[] = []
  for (const diskBytesPerSecond of disks) {
    const disk = diskBytesPerSecond === null ? 'free' : `at ${Math.round(diskBytesPerSecond / 1e6)} MB/s`
    const isNear = diskBytesPerSecond === disks[0]
    results.push(
      ...(await withOwnDevice({ module: true, diskBytesPerSecond }, own =>
        onDisk(own, `disk ${disk}`, isNear),
      )),
    )
  }
  return results
}

function runOf(
  own: OwnDevice,
  schemes: readonly SchemeId[],
  options: readonly string[],
  size = bytes,
): Cell[] {
  // An eighth of the load, as the loader itself would have it.
  const gather = `${Math.min(gatherBytes, size / 8)}`
  const plan = ['--schemes', schemes.join(), '--sizes', `${size}`, '--gather', gather, ...repeated]
  return cellsOf(own.run([...plan, ...options]).samples)
}

async function onDisk(own: OwnDevice, disk: string, isNear: boolean): Promise<BenchResult[]> {
  await allowHugePages(own)
  const small = runOf(own, [android, segments, before, ours, 'memfd-direct'], [])
  const huge = [64 * MiB, bytes].map(size => ({
    size,
    cells: runOf(own, [android, ours], ['--huge-pages'], size),
  }))
  return [
    ...figuresOf(small, `${disk}, 256 MiB, gather 32 MiB`),
    ...huge.map(({ size, cells }) => atLeastAsFast(cells, `${disk}, ${size / MiB} MiB, huge pages`)),
    ...(isNear ? [overlappedSegments(small, disk)] : []),
    smallPages(small, disk),
    ...(isNear ? await smallPagesOn(own) : []),
  ]
}

function atLeastAsFast(cells: readonly Cell[], where: string): BenchResult {
  const value = speedup(cellOf(cells, ours), cellOf(cells, android))
  return { name: `${where}: ${ours} / ${android}`, value, unit: 'x', limit: { atMost: 1 } }
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
