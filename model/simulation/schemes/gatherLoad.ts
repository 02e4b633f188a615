import { BufferedRead } from '../machine/bufferedRead.ts'
import type { Process } from '../machine/clock.ts'
import type { Device } from '../machine/device.ts'
import { type Gather, GatherQueue, Join } from '../machine/gatherQueue.ts'
import { allocatorLane, callerLane, type LoadShape, readerLane } from './load.ts'

/** How a gather is made ready for its reader, and how the reader fills it. */
export type GatherWork = {
  readonly prepare: (gather: Gather) => Process
  readonly reader: () => (gather: Gather) => Process
}

/** The overlapped load: gathers are prepared one after the other while readers fill those that are ready. */
export function* gatherLoad(device: Device, load: LoadShape, work: GatherWork, last?: Process): Process {
  const queue = new GatherQueue(device.clock, load.bytes, load.gatherBytes)
  const readers = new Join(device.clock)
  for (let reader = 0; reader < load.readers; reader++) {
    readers.start(readGathers(device, queue, readerLane(reader), work.reader()))
  }
  for (let index = 0; index < queue.count; index++) {
    yield work.prepare(queue.gather(index))
    queue.putNext()
  }
  if (last !== undefined) yield last
  yield joined(device, readers)
}

function* readGathers(
  device: Device,
  queue: GatherQueue,
  lane: string,
  fill: (gather: Gather) => Process,
): Process {
  for (;;) {
    const sleptFromNs = device.clock.nowNs
    const gather = yield* queue.take()
    if (gather === undefined) return
    if (device.clock.nowNs > sleptFromNs) yield device.cores.work(device.costs.readerWakeNs)
    device.recorder.addWait(lane, gather.index, sleptFromNs)
    const end = device.recorder.begin({ lane, phase: 'read', bytes: gather.bytes, gather: gather.index })
    yield fill(gather)
    end()
  }
}

/** The caller sleeps until the readers are done. */
export function* joined(device: Device, readers: Join): Process {
  const sleptFromNs = device.clock.nowNs
  yield readers.finished()
  device.recorder.addWait(callerLane, null, sleptFromNs)
}

/**
 * Starts a span of the allocator on one gather; the returned function ends it. Not by `device.span`: a sweep runs
 * through thousands of gathers while a slider moves, and every generator around an event makes it dearer.
 */
export function beginGather(device: Device, phase: 'alloc' | 'map', gather: Gather): () => void {
  return device.recorder.begin({ lane: allocatorLane, phase, bytes: gather.bytes, gather: gather.index })
}

/** Buffered reading of gathers. A lone reader keeps its readahead from one gather to the next; several do not. */
export function bufferedGatherReader(device: Device, load: LoadShape, copyPageNs: number) {
  return () => {
    const whole = load.readers === 1 ? new BufferedRead(device, load.bytes) : null
    return (gather: Gather): Process =>
      (whole ?? new BufferedRead(device, gather.bytes)).read(gather.bytes, copyPageNs)
  }
}
