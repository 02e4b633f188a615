import type { IoMode } from '../../../contract/schemes.ts'
import { MiB } from '../../../contract/size.ts'
import { BufferedRead, mappedCopy } from '../machine/bufferedRead.ts'
import type { Process } from '../machine/clock.ts'
import { pagesOf } from '../machine/costs.ts'
import type { Device } from '../machine/device.ts'
import { directUserRead, type TouchNs } from '../machine/directRead.ts'
import { type Gather, Join } from '../machine/gatherQueue.ts'
import { pipedBufferedRead, pipedDirectRead } from '../machine/pipe.ts'
import { allocateShmem, foliosOf, SharedPages, takeShmem, unzeroedShmemNs } from '../machine/sharedPages.ts'
import { beginGather, bufferedGatherReader, gatherLoad, joined } from './gatherLoad.ts'
import { type LoadShape, open, readerLane, wholePhase } from './load.ts'

/** Slices in which a thread populates shared memory beside another. */
const sliceBytes = 8 * MiB

/** Every page is in memory already. */
const populated: TouchNs = () => 0

function* populate(device: Device, pages: SharedPages, bytes: number): Process {
  for (let at = 0; at < bytes; at += sliceBytes) {
    const end = Math.min(at + sliceBytes, bytes)
    yield device.cores.work(pages.touchNs(at, end))
  }
}

function populateAll(device: Device, load: LoadShape): Process {
  return populate(device, new SharedPages(device, load.hugePages), load.bytes)
}

/** UDMABUF_CREATE brings every page of the memfd into memory and keeps a record of every folio. */
function* udmabufCreate(device: Device, load: LoadShape, touchNs: TouchNs): Process {
  const { udmabufFolioNs, udmabufSetupNs } = device.costs
  yield device.cores.work(udmabufSetupNs)
  for (let at = 0; at < load.bytes; at += sliceBytes) {
    const end = Math.min(at + sliceBytes, load.bytes)
    yield device.cores.work(touchNs(at, end) + foliosOf(end - at, load.hugePages) * udmabufFolioNs)
  }
}

/** A read() of the whole file into the memfd's mapping. */
function* readInto(device: Device, load: LoadShape, mode: IoMode, pages: SharedPages): Process {
  if (mode === 'direct') {
    return yield directUserRead(device, load.bytes, pages.touchNs)
  }
  const file = new BufferedRead(device, load.bytes)
  for (let at = 0; at < load.bytes; at += sliceBytes) {
    const end = Math.min(at + sliceBytes, load.bytes)
    yield file.read(end - at, device.costs.copyToShmemPageNs)
    yield device.cores.work(pages.touchNs(at, end))
  }
}

export function udmabufSerial(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    const pages = new SharedPages(device, load.hugePages)
    yield open(device, device.costs.openNs)
    yield wholePhase(device, 'create', load.bytes, udmabufCreate(device, load, pages.touchNs))
    yield wholePhase(device, 'read', load.bytes, readInto(device, load, mode, pages))
  }
}

/** A reader thread is started first and joined last; what the caller does beside it is `prepare`. */
function* besideReader(device: Device, load: LoadShape, mode: IoMode, pages: SharedPages, prepare: Process) {
  const reader = new Join(device.clock)
  reader.start(readBeside(device, load, mode, pages))
  yield prepare
  yield joined(device, reader)
}

function* readBeside(device: Device, load: LoadShape, mode: IoMode, pages: SharedPages): Process {
  const lane = readerLane(0)
  const startedNs = device.clock.nowNs
  yield device.cores.work(device.costs.readerWakeNs)
  device.recorder.addWait(lane, null, startedNs)
  yield device.span(
    { lane, phase: 'read', bytes: load.bytes, gather: null },
    readInto(device, load, mode, pages),
  )
}

export function udmabufAsync(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    const pages = new SharedPages(device, load.hugePages, 2)
    yield open(device, device.costs.openNs)
    const create = wholePhase(device, 'create', load.bytes, udmabufCreate(device, load, pages.touchNs))
    yield besideReader(device, load, mode, pages, create)
  }
}

export function memfdAsync(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    const pages = new SharedPages(device, load.hugePages, 2)
    yield open(device, device.costs.openNs)
    const alloc = wholePhase(device, 'alloc', load.bytes, populate(device, pages, load.bytes))
    yield besideReader(device, load, mode, pages, alloc)
  }
}

function* gatherByGather(device: Device, load: LoadShape, mode: IoMode, last?: Process): Process {
  yield open(device, device.costs.openNs)
  const reader =
    mode === 'direct'
      ? () => (gather: Gather) => directUserRead(device, gather.bytes, populated)
      : bufferedGatherReader(device, load, device.costs.copyToShmemPageNs)
  const prepare = function* (gather: Gather): Process {
    const end = beginGather(device, 'alloc', gather)
    yield device.cores.work(allocateShmem(device, gather.bytes, load.hugePages))
    end()
  }
  yield gatherLoad(device, load, { prepare, reader }, last)
}

export function memfdGather(mode: IoMode) {
  return (device: Device, load: LoadShape): Process => gatherByGather(device, load, mode)
}

/** The pages are in memory when UDMABUF_CREATE comes; the last readers may still be at work beside it. */
export function udmabufGather(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    const create = wholePhase(device, 'create', load.bytes, udmabufCreate(device, load, populated))
    yield gatherByGather(device, load, mode, create)
  }
}

function* openPopulated(device: Device, load: LoadShape): Process {
  yield open(device, device.costs.openNs)
  yield wholePhase(device, 'alloc', load.bytes, populateAll(device, load))
}

export function memfdSerial(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    const pages = new SharedPages(device, load.hugePages)
    yield open(device, device.costs.openNs)
    yield wholePhase(device, 'alloc', load.bytes, populate(device, pages, load.bytes))
    yield wholePhase(device, 'read', load.bytes, readInto(device, load, mode, pages))
  }
}

export function* memfdMmapCopy(device: Device, load: LoadShape): Process {
  yield openPopulated(device, load)
  yield wholePhase(device, 'copy', load.bytes, mappedCopy(device, load.bytes, device.costs.copyToShmemPageNs))
}

/** sendfile into a memfd allocates its pages as it goes, and writes them whole. */
export function memfdSendfile(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    yield open(device, device.costs.openNs)
    const pageNs = unzeroedShmemNs(device, load.bytes, load.hugePages) / pagesOf(load.bytes)
    const piped = mode === 'direct' ? pipedDirectRead : pipedBufferedRead
    const allocateNext = (bytes: number) => takeShmem(device, bytes, load.hugePages)
    const read = piped(device, load.bytes, device.costs.copyToShmemPageNs + pageNs, allocateNext)
    yield wholePhase(device, 'copy', load.bytes, read)
  }
}
