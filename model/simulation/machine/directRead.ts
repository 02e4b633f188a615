import { MiB } from '../../../contract/size.ts'
import type { Process } from './clock.ts'
import { pageBytes, pagesOf } from './costs.ts'
import type { Device } from './device.ts'
import { type ScatteredStart, scatteredBetween } from './scatteredPages.ts'
import type { TouchedAtNs } from './sharedPages.ts'

/** A part of the file that is read directly: the sleep number `index` of the load. */
export type DirectPart = { readonly index: number; readonly from: number; readonly to: number }

/** One O_DIRECT read of the kernel straight into the buffer's pages: nothing to map, nothing to pin. */
export function* directPageRead(device: Device, bytes: number): Process {
  yield device.work(device.costs.directSubmitNs)
  yield device.storageWait(device.storage.submit(bytes), 0)
}

/** One O_DIRECT read of the kernel into pages that it has mapped (a kvec): nothing to pin. */
export function* directMappedRead(device: Device, { index, from, to }: DirectPart): Process {
  const { costs, storage } = device
  yield device.work(costs.directSubmitNs)
  const bytes = to - from
  const swift = Math.min(bytes, wholeRequests(costs.longReadBytes, costs.storageRequestBytes))
  let doneAtNs = storage.submit(swift)
  // A calibration factor without a known cause: one very long kernel-mapped read was slow.
  if (bytes > swift) doneAtNs = storage.submit(bytes - swift, { slowdown: costs.longReadSlowdown })
  yield device.storageWait(doneAtNs, index)
}

/** Cut elsewhere, a longer part at full speed could cost a request more. */
function wholeRequests(bytes: number, requestBytes: number): number {
  return Math.floor(bytes / requestBytes) * requestBytes
}

/** The most that one read() carries (MAX_RW_COUNT, include/linux/fs.h). */
const maxReadBytes = 2 ** 31 - pageBytes
/** Slices of pinning, so that threads that share pages meet in the right order. */
const sliceBytes = 8 * MiB

/** The buffer of a process that is read into. */
export type UserPages = {
  readonly touchedAtNs: TouchedAtNs
  /** The start of the buffer whose pages adjoin no others. */
  readonly scattered: ScatteredStart
}

/**
 * O_DIRECT read() calls of a process: pages are pinned batch by batch, and the storage gets a batch when all of it is
 * pinned.
 */
export function* directUserRead(device: Device, { index, from, to }: DirectPart, pages: UserPages): Process {
  for (let at = from; at < to; at += maxReadBytes) {
    const end = Math.min(at + maxReadBytes, to)
    yield directReadCall(
      device,
      { index: index + Math.floor((at - from) / maxReadBytes), from: at, to: end },
      pages,
    )
  }
}

function* directReadCall(device: Device, { index, from, to }: DirectPart, pages: UserPages): Process {
  const { costs, storage } = device
  yield device.work(costs.directSubmitNs)
  let doneAtNs = 0
  for (let batch = from; batch < to; batch += costs.pinBatchBytes) {
    const batchEnd = Math.min(batch + costs.pinBatchBytes, to)
    for (let at = batch; at < batchEnd; at += sliceBytes) {
      const sliceEnd = Math.min(at + sliceBytes, batchEnd)
      yield pages.touchedAtNs(at, sliceEnd) + Math.round(pinNs(device, sliceEnd - at))
    }
    const scatteredBytes = scatteredBetween(pages.scattered, batch, batchEnd)
    doneAtNs = storage.submit(batchEnd - batch, { scatteredBytes })
  }
  yield device.storageWait(doneAtNs, index)
}

function pinNs({ costs }: Device, bytes: number): number {
  return pagesOf(bytes) * costs.pinPageNs
}

/** ns of CPU that a direct read of a process takes, whatever the storage does. */
export function directUserReadCpuNs(device: Device, bytes: number): number {
  return device.costs.directSubmitNs + pinNs(device, bytes)
}
