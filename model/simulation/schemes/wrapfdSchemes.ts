import type { Process } from '../machine/clock.ts'
import type { Device } from '../machine/device.ts'
import { type DirectPart, directMappedRead } from '../machine/directRead.ts'
import type { Gather } from '../machine/gatherQueue.ts'
import { gatherLoad } from './gatherLoad.ts'
import { openHeap, vmapNs } from './inKernelSchemes.ts'
import { cpu, type LoadShape, wholePhase } from './load.ts'

/**
 * Android's ioctl maps all of the wrapped buffer into the kernel and reads a part of the file into it with one kernel
 * vector, on the thread that calls. Wrapping and owning cost a system call each, which opening the heap stands for.
 */
function* mappedRead(device: Device, part: DirectPart, mappedBytes: number): Process {
  yield device.work(vmapNs(device, mappedBytes))
  yield directMappedRead(device, part)
}

export function* wrapfdSerial(device: Device, load: LoadShape): Process {
  yield openHeap(device)
  yield wholePhase(device, 'alloc', load.bytes, cpu(device, device.memory.heapAllocNs(load.bytes)))
  const whole = { index: 0, from: 0, to: load.bytes }
  yield wholePhase(device, 'read', load.bytes, mappedRead(device, whole, load.bytes))
}

/** A buffer for each gather. */
export function* wrapfdSegments(device: Device, load: LoadShape): Process {
  yield openHeap(device)
  yield gatherLoad(device, load, {
    allocNs: ({ from, to }) => device.memory.heapAllocNs(to - from),
    mapNs: null,
    fill: gather => mappedRead(device, gather, gather.to - gather.from),
    cpuNs: bytes => vmapNs(device, bytes) + device.costs.directSubmitNs,
  })
}

/**
 * One buffer, allocated before the first gather is read. The system heap maps it once for all who use it at a time
 * (system_heap.c, vmap_cnt), so only a lone reader maps it anew for each gather. The others wait for the first one's
 * mapping: it is made under the buffer's lock.
 */
export function* wrapfdSlices(device: Device, load: LoadShape): Process {
  yield openHeap(device)
  let mappedAtNs = 0
  function* sharing(gather: Gather): Process {
    if (gather.index === 0) mappedAtNs = device.clock.nowNs + Math.round(vmapNs(device, load.bytes))
    yield Math.max(device.clock.nowNs, mappedAtNs)
    yield directMappedRead(device, gather)
  }
  yield gatherLoad(device, load, {
    allocNs: ({ index }) => (index === 0 ? device.memory.heapAllocNs(load.bytes) : 0),
    mapNs: null,
    fill: load.readers === 1 ? gather => mappedRead(device, gather, load.bytes) : sharing,
    cpuNs: () => device.costs.directSubmitNs,
  })
}
