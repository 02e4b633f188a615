import { CachedFile, mappedCopy } from '../machine/cachedFile.ts'
import type { Process } from '../machine/clock.ts'
import type { Device } from '../machine/device.ts'
import { directPageRead } from '../machine/directRead.ts'
import { pipedBufferedRead, pipedDirectRead } from '../machine/pipe.ts'
import { cacheOfHeapLoad, cpu, type LoadShape, open, wholePhase } from './load.ts'

function* openHeap(device: Device, load: LoadShape): Process {
  yield open(device, device.costs.openNs + device.costs.heapSetupNs)
  yield wholePhase(device, 'alloc', load.bytes, cpu(device, device.memory.heapAllocNs(load.bytes)))
}

function* openMappedHeap(device: Device, load: LoadShape): Process {
  yield openHeap(device, load)
  yield wholePhase(device, 'map', load.bytes, cpu(device, device.costs.separateMapNs))
}

export function normal(device: Device, load: LoadShape): Process {
  return readMapped(device, load, new CachedFile(device, load.bytes, cacheOfHeapLoad(device)))
}

/** The same, and the file's pages leave the page cache at once. */
export function normalDontcache(device: Device, load: LoadShape): Process {
  return readMapped(device, load, new CachedFile(device, load.bytes, cacheOfHeapLoad(device), 'dropped'))
}

function* readMapped(device: Device, load: LoadShape, file: CachedFile): Process {
  yield openMappedHeap(device, load)
  const { copyToHeapPageNs, heapFaultPageNs } = device.costs
  const read = file.read(0, load.bytes, copyToHeapPageNs + heapFaultPageNs)
  yield wholePhase(device, 'read', load.bytes, read)
}

export function* normalMmapCopy(device: Device, load: LoadShape): Process {
  yield openMappedHeap(device, load)
  const file = { bytes: load.bytes, scattered: cacheOfHeapLoad(device) }
  yield wholePhase(device, 'copy', load.bytes, mappedCopy(device, file, device.costs.copyToHeapPageNs))
}

/** Through a pipe into a dma-buf. */
function sendfileToHeap(piped: typeof pipedBufferedRead | typeof pipedDirectRead) {
  return function* (device: Device, load: LoadShape): Process {
    yield openMappedHeap(device, load)
    const copyPageNs = device.costs.copyToHeapPageNs
    const file = { bytes: load.bytes, copyPageNs, scattered: cacheOfHeapLoad(device) }
    yield wholePhase(device, 'copy', load.bytes, piped(device, file))
  }
}

export const sendfileBuffered = sendfileToHeap(pipedBufferedRead)
export const sendfileDirect = sendfileToHeap(pipedDirectRead)

export function* copyFileRangeDirect(device: Device, load: LoadShape): Process {
  yield openHeap(device, load)
  yield wholePhase(device, 'read', load.bytes, directPageRead(device, load.bytes))
}
