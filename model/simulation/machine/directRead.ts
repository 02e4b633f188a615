import { MiB } from '../../../contract/size.ts'
import type { Process } from './clock.ts'
import { pageBytes, pagesOf } from './costs.ts'
import type { Device } from './device.ts'

/** One O_DIRECT read of the kernel straight into the buffer's pages: nothing to map, nothing to pin. */
export function* directPageRead(device: Device, bytes: number): Process {
  yield device.cores.work(device.costs.directSubmitNs)
  yield device.storageWait(device.storage.submit(bytes))
}

/** One O_DIRECT read of the kernel into pages that it has mapped (a kvec): nothing to pin. */
export function* directMappedRead(device: Device, bytes: number): Process {
  const { cores, costs, storage } = device
  yield cores.work(costs.directSubmitNs)
  const swift = Math.min(bytes, costs.longReadBytes)
  let doneAtNs = storage.submit(swift)
  // A calibration factor without a known cause: one very long kernel-mapped read was slow.
  if (bytes > swift) doneAtNs = storage.submit(bytes - swift, { slowdown: costs.longReadSlowdown })
  yield device.storageWait(doneAtNs)
}

/** The most that one read() carries (MAX_RW_COUNT, include/linux/fs.h). */
const maxReadBytes = 2 ** 31 - pageBytes
/** Slices of pinning, so that threads that share pages meet in the right order. */
const sliceBytes = 8 * MiB

/** What the pages from `from` to `to` cost on a touch besides, in ns: they may not be in memory yet. */
export type TouchNs = (from: number, to: number) => number

/**
 * O_DIRECT read() calls of a process: pages are pinned batch by batch, and the storage gets a batch when all of it is
 * pinned.
 */
export function* directUserRead(device: Device, bytes: number, touchNs: TouchNs): Process {
  for (let at = 0; at < bytes; at += maxReadBytes) {
    yield directReadCall(device, at, Math.min(at + maxReadBytes, bytes), touchNs)
  }
}

function* directReadCall(device: Device, start: number, end: number, touchNs: TouchNs): Process {
  const { cores, costs, scattered, storage } = device
  yield cores.work(costs.directSubmitNs)
  let doneAtNs = 0
  for (let batch = start; batch < end; batch += costs.pinBatchBytes) {
    const batchEnd = Math.min(batch + costs.pinBatchBytes, end)
    for (let at = batch; at < batchEnd; at += sliceBytes) {
      const sliceEnd = Math.min(at + sliceBytes, batchEnd)
      yield cores.work(pagesOf(sliceEnd - at) * costs.pinPageNs + touchNs(at, sliceEnd))
    }
    const bytes = batchEnd - batch
    doneAtNs = storage.submit(bytes, { scatteredBytes: scattered.readIntoBuffer(bytes) })
  }
  yield device.storageWait(doneAtNs)
}
