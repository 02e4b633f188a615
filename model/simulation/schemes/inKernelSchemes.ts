import type { IoMode } from '../../../contract/schemes.ts'
import { CachedFile } from '../machine/cachedFile.ts'
import type { Process } from '../machine/clock.ts'
import { pagesOf } from '../machine/costs.ts'
import type { Device } from '../machine/device.ts'
import { directMappedRead } from '../machine/directRead.ts'
import { bufferedGatherReader, type GatherReader, gatherLoad } from './gatherLoad.ts'
import { cacheOfHeapLoad, cpu, type LoadShape, open, wholePhase } from './load.ts'

export function vmapNs(device: Device, bytes: number): number {
  return pagesOf(bytes) * device.costs.vmapPageNs
}

export function* openHeap(device: Device): Process {
  yield open(device, device.costs.openNs + device.costs.heapSetupNs)
}

export function readSync(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    yield openHeap(device)
    yield wholePhase(device, 'alloc', load.bytes, cpu(device, device.memory.heapAllocNs(load.bytes)))
    yield wholePhase(device, 'map', load.bytes, cpu(device, vmapNs(device, load.bytes)))
    yield wholePhase(device, 'read', load.bytes, wholeRead(device, load, mode))
  }
}

function wholeRead(device: Device, { bytes }: LoadShape, mode: IoMode): Process {
  if (mode === 'direct') return directMappedRead(device, { index: 0, from: 0, to: bytes })
  const file = new CachedFile(device, bytes, cacheOfHeapLoad(device))
  return file.read(0, bytes, device.costs.copyToHeapPageNs)
}

export function readAsync(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    yield openHeap(device)
    yield gatherLoad(device, load, {
      allocNs: ({ from, to }) => device.memory.heapAllocNs(to - from),
      mapNs: bytes => vmapNs(device, bytes),
      ...gatherReader(device, load, mode),
    })
  }
}

function gatherReader(device: Device, load: LoadShape, mode: IoMode): GatherReader {
  const { copyToHeapPageNs, directSubmitNs } = device.costs
  if (mode === 'direct') {
    return { fill: gather => directMappedRead(device, gather), cpuNs: () => directSubmitNs }
  }
  return bufferedGatherReader(device, load, {
    copyPageNs: copyToHeapPageNs,
    scattered: cacheOfHeapLoad(device),
  })
}
