import { BufferedRead, mappedCopy } from '../machine/bufferedRead.ts'
import type { Process } from '../machine/clock.ts'
import type { Device } from '../machine/device.ts'
import { directPageRead } from '../machine/directRead.ts'
import { pipedBufferedRead, pipedDirectRead } from '../machine/pipe.ts'
import { cpu, type LoadShape, open, wholePhase } from './load.ts'

function* openHeap(device: Device, load: LoadShape): Process {
  yield open(device, device.costs.openNs + device.costs.heapSetupNs)
  yield wholePhase(device, 'alloc', load.bytes, cpu(device, device.memory.heapAllocNs(load.bytes)))
}

function* openMappedHeap(device: Device, load: LoadShape): Process {
  yield openHeap(device, load)
  yield wholePhase(device, 'map', load.bytes, cpu(device, device.costs.separateMapNs))
}

export function* normal(device: Device, load: LoadShape): Process {
  yield openMappedHeap(device, load)
  const { copyToHeapPageNs, heapFaultPageNs } = device.costs
  const read = new BufferedRead(device, load.bytes).read(load.bytes, copyToHeapPageNs + heapFaultPageNs)
  yield wholePhase(device, 'read', load.bytes, read)
}

export function* normalMmapCopy(device: Device, load: LoadShape): Process {
  yield openMappedHeap(device, load)
  yield wholePhase(device, 'copy', load.bytes, mappedCopy(device, load.bytes, device.costs.copyToHeapPageNs))
}

export function* sendfileBuffered(device: Device, load: LoadShape): Process {
  yield openMappedHeap(device, load)
  const read = pipedBufferedRead(device, load.bytes, device.costs.copyToHeapPageNs)
  yield wholePhase(device, 'copy', load.bytes, read)
}

export function* sendfileDirect(device: Device, load: LoadShape): Process {
  yield openMappedHeap(device, load)
  const read = pipedDirectRead(device, load.bytes, device.costs.copyToHeapPageNs)
  yield wholePhase(device, 'copy', load.bytes, read)
}

export function* copyFileRangeDirect(device: Device, load: LoadShape): Process {
  yield openHeap(device, load)
  yield wholePhase(device, 'read', load.bytes, directPageRead(device, load.bytes))
}
