import { BufferedRead } from './bufferedRead.ts'
import type { Process } from './clock.ts'
import { pagesOf } from './costs.ts'
import type { Device } from './device.ts'

/** A buffer that is allocated while it is filled takes its memory in turn with what fills it. */
export type AllocateNext = (bytes: number) => void
const allocated: AllocateNext = () => {}

/** sendfile of a buffered file: page-cache pages go through the pipe, a pipe's worth each round. */
export function* pipedBufferedRead(
  device: Device,
  bytes: number,
  copyPageNs: number,
  allocateNext = allocated,
): Process {
  const { pipeBytes, pipeRoundNs, readaheadBytes, sendfileSetupNs } = device.costs
  yield device.cores.work(sendfileSetupNs)
  const file = new BufferedRead(device, bytes)
  for (let left = bytes; left > 0; left -= readaheadBytes) {
    const part = Math.min(left, readaheadBytes)
    yield file.read(part, copyPageNs + pipeRoundNs / pagesOf(pipeBytes))
    allocateNext(part)
  }
}

/** sendfile of an O_DIRECT file: every round waits for its own request, so none of the latency is hidden. */
export function* pipedDirectRead(device: Device, bytes: number, copyPageNs: number): Process {
  const { cores, costs, storage } = device
  yield cores.work(costs.sendfileSetupNs + costs.pipeRoundNs)
  for (let left = bytes; left > 0; left -= costs.pipeBytes) {
    const part = Math.min(left, costs.pipeBytes)
    yield device.storageWait(storage.submit(part))
    const nextRoundNs = left > costs.pipeBytes ? costs.pipeRoundNs : 0
    yield cores.work(pagesOf(part) * copyPageNs + nextRoundNs)
  }
}
