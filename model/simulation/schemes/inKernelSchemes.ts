import type { IoMode } from '../../../contract/schemes.ts'
import { MiB } from '../../../contract/size.ts'
import { BufferedRead } from '../machine/bufferedRead.ts'
import type { Process } from '../machine/clock.ts'
import { pagesOf } from '../machine/costs.ts'
import type { Device } from '../machine/device.ts'
import { directMappedRead } from '../machine/directRead.ts'
import type { Gather } from '../machine/gatherQueue.ts'
import { beginGather, bufferedGatherReader, gatherLoad } from './gatherLoad.ts'
import { cpu, type LoadShape, open, wholePhase } from './load.ts'

function vmapNs(device: Device, bytes: number): number {
  return pagesOf(bytes) * device.costs.vmapPageNs
}

function* openHeap(device: Device): Process {
  yield open(device, device.costs.openNs + device.costs.heapSetupNs)
}

export function readSync(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    yield openHeap(device)
    yield wholePhase(device, 'alloc', load.bytes, cpu(device, device.memory.heapAllocNs(load.bytes)))
    yield wholePhase(device, 'map', load.bytes, cpu(device, vmapNs(device, load.bytes)))
    const read =
      mode === 'direct'
        ? directMappedRead(device, load.bytes)
        : new BufferedRead(device, load.bytes).read(load.bytes, device.costs.copyToHeapPageNs)
    yield wholePhase(device, 'read', load.bytes, read)
  }
}

export function readAsync(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    yield openHeap(device)
    const reader =
      mode === 'direct'
        ? () => (gather: Gather) => directMappedRead(device, gather.bytes)
        : bufferedGatherReader(device, load, device.costs.copyToHeapPageNs)
    yield gatherLoad(device, load, { prepare: gather => allocAndMap(device, load, gather), reader })
  }
}

/** Slices of allocation, so that readers with no core of their own are not starved. */
const starvedSliceBytes = 16 * MiB

function* allocAndMap(device: Device, load: LoadShape, gather: Gather): Process {
  const sliceBytes = load.readers < device.costs.cores ? gather.bytes : starvedSliceBytes
  const endAlloc = beginGather(device, 'alloc', gather)
  for (let left = gather.bytes; left > 0; left -= sliceBytes) {
    yield device.cores.work(device.memory.heapAllocNs(Math.min(left, sliceBytes)))
  }
  endAlloc()
  const endMap = beginGather(device, 'map', gather)
  yield device.cores.work(vmapNs(device, gather.bytes))
  endMap()
}
