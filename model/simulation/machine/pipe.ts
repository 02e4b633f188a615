import { CachedFile } from './cachedFile.ts'
import type { Process } from './clock.ts'
import { pagesOf } from './costs.ts'
import type { Device } from './device.ts'
import type { ScatteredStart } from './scatteredPages.ts'

/** What goes through a pipe: the file, and what its pages cost on the way. */
export type PipedFile = {
  readonly bytes: number
  readonly copyPageNs: number
  /** The start of the file whose pages in the cache adjoin no others. */
  readonly scattered: ScatteredStart
}

/** sendfile of a buffered file: page-cache pages go through the pipe, a pipe's worth each round. */
export function* pipedBufferedRead(device: Device, { bytes, copyPageNs, scattered }: PipedFile): Process {
  const { pipeBytes, pipeRoundNs, sendfileSetupNs } = device.costs
  yield device.work(sendfileSetupNs)
  yield new CachedFile(device, bytes, scattered).read(0, bytes, copyPageNs + pipeRoundNs / pagesOf(pipeBytes))
}

/** sendfile of an O_DIRECT file: every round waits for its own request, so none of the latency is hidden. */
export function* pipedDirectRead(device: Device, { bytes, copyPageNs }: PipedFile): Process {
  const { costs, storage } = device
  yield device.work(costs.sendfileSetupNs + costs.pipeRoundNs)
  for (let at = 0; at < bytes; at += costs.pipeBytes) {
    const part = Math.min(costs.pipeBytes, bytes - at)
    yield device.storageWait(storage.submit(part), Math.floor(at / costs.pipeBytes))
    const nextRoundNs = at + part < bytes ? costs.pipeRoundNs : 0
    yield device.work(pagesOf(part) * copyPageNs + nextRoundNs)
  }
}
