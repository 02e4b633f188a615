import { CachedFile, cachedReadCpuNs } from '../machine/cachedFile.ts'
import type { Process } from '../machine/clock.ts'
import { besideOthersNs } from '../machine/cores.ts'
import type { Device } from '../machine/device.ts'
import { type Gather, GatherQueue, Join } from '../machine/gatherQueue.ts'
import type { ScatteredStart } from '../machine/scatteredPages.ts'
import { allocatorLane, callerLane, type LoadShape, readerLane } from './load.ts'

/** How gathers are filled. */
export type GatherReader = {
  readonly fill: (gather: Gather) => Process
  /** ns of CPU that filling so many bytes takes. */
  readonly cpuNs: (bytes: number) => number
}

/** How gathers are made ready for their reader, and how it fills them. */
export type GatherWork = GatherReader & {
  readonly allocNs: (gather: Gather) => number
  /** ns to map a gather that is allocated; `null` where nothing is mapped. */
  readonly mapNs: ((bytes: number) => number) | null
  /** Threads that share the allocation, without a lock that two of them want; 1 unless said. */
  readonly populators?: number
}

/** The overlapped load: gathers are prepared one after the other while readers fill those that are ready. */
export function* gatherLoad(device: Device, load: LoadShape, work: GatherWork, last?: Process): Process {
  const queue = new GatherQueue(device.clock, load.bytes, load.gatherBytes)
  const readers = new Join(device.clock)
  const readerCount = Math.min(load.readers, queue.count)
  for (let reader = 0; reader < readerCount; reader++) {
    readers.start(readGathers(device, queue, readerLane(reader), work.fill))
  }
  const { populators: own = 1 } = work
  const places = { cores: device.costs.cores, threads: own + readerCount, own }
  for (let index = 0; index < queue.count; index++) {
    const gather = queue.gather(index)
    const bytes = gather.to - gather.from
    const allocNs = work.allocNs(gather)
    const mapNs = work.mapNs?.(bytes) ?? 0
    const readersNs = index > 0 ? work.cpuNs(load.gatherBytes) : 0
    const besideNs = besideOthersNs(places, allocNs + mapNs, readersNs) - mapNs
    yield* prepared(device, 'alloc', gather, besideNs)
    if (work.mapNs !== null) yield* prepared(device, 'map', gather, mapNs)
    queue.putNext()
  }
  if (last !== undefined) yield last
  yield joined(device, readers)
}

/** A span of the allocator on one gather. Not by `device.span`: a sweep runs through thousands while a slider moves. */
function* prepared(device: Device, phase: 'alloc' | 'map', { index, from, to }: Gather, ns: number): Process {
  const end = device.recorder.begin({ lane: allocatorLane, phase, bytes: to - from, gather: index })
  yield device.work(ns)
  end()
}

/**
 * A gather reaches a reader some time after it was allocated, whether the reader sleeps or is still at work then: one
 * that is busy for longer loses nothing. (Charged to sleepers alone, faster storage, which lets them sleep, would come
 * out slower.)
 */
function* readGathers(
  device: Device,
  queue: GatherQueue,
  lane: string,
  fill: (gather: Gather) => Process,
): Process {
  const wakeNs = Math.round(device.costs.readerWakeNs)
  for (;;) {
    const sleptFromNs = device.clock.nowNs
    const taken = yield* queue.take()
    if (taken === undefined) return
    yield taken.readyAtNs + wakeNs
    const { index, from, to } = taken.gather
    device.recorder.addWait(lane, index, sleptFromNs)
    const end = device.recorder.begin({ lane, phase: 'read', bytes: to - from, gather: index })
    yield fill(taken.gather)
    end()
  }
}

/** The caller sleeps until the readers are done. */
export function* joined(device: Device, readers: Join): Process {
  const sleptFromNs = device.clock.nowNs
  yield readers.finished()
  device.recorder.addWait(callerLane, null, sleptFromNs)
}

/** Buffered reading of gathers, by readers that share the file's pages in the cache. */
export function bufferedGatherReader(
  device: Device,
  load: LoadShape,
  { copyPageNs, scattered }: { readonly copyPageNs: number; readonly scattered: ScatteredStart },
): GatherReader {
  const file = new CachedFile(device, load.bytes, scattered)
  return {
    fill: ({ from, to }) => file.read(from, to, copyPageNs),
    cpuNs: bytes => cachedReadCpuNs(device, bytes, copyPageNs),
  }
}
