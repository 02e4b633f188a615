import type { IoMode } from '../../../contract/schemes.ts'
import { MiB } from '../../../contract/size.ts'
import { CachedFile, cachedReadCpuNs, mappedCopy } from '../machine/cachedFile.ts'
import type { Process } from '../machine/clock.ts'
import { besideOthersNs } from '../machine/cores.ts'
import { pagesOf } from '../machine/costs.ts'
import type { Device } from '../machine/device.ts'
import { directUserRead, directUserReadCpuNs } from '../machine/directRead.ts'
import { type Gather, Join } from '../machine/gatherQueue.ts'
import { pipedBufferedRead, pipedDirectRead } from '../machine/pipe.ts'
import type { ScatteredStart } from '../machine/scatteredPages.ts'
import {
  foliosOf,
  populated,
  SharedPages,
  shmemNs,
  type TouchedAtNs,
  unzeroedShmemNs,
} from '../machine/sharedPages.ts'
import { bufferedGatherReader, type GatherReader, gatherLoad, joined } from './gatherLoad.ts'
import {
  cacheAfterShmem,
  cacheBesideShmem,
  folioBytesOf,
  type LoadShape,
  open,
  readerLane,
  scatteredOfShmem,
  wholePhase,
} from './load.ts'

/** Slices in which a thread populates shared memory beside another. */
const sliceBytes = 8 * MiB

/** ns of CPU that a reader beside it wants while so many bytes are populated. */
type ReaderCpuNs = (bytes: number) => number
const nobodyBeside: ReaderCpuNs = () => 0

/** What filling the memfd is done with: its pages, and where they and the file's lie. */
type Filling = { readonly touchedAtNs: TouchedAtNs; readonly cache: ScatteredStart }

function* populate(
  device: Device,
  load: LoadShape,
  touchedAtNs: TouchedAtNs,
  readerNs = nobodyBeside,
): Process {
  for (let at = 0; at < load.bytes; at += sliceBytes) {
    const end = Math.min(at + sliceBytes, load.bytes)
    yield touchedAtNs(at, end) + Math.round(waitForCoreNs(device, 0, readerNs(end - at)))
  }
}

/** UDMABUF_CREATE brings every page of the memfd into memory and keeps a record of every folio. */
function* udmabufCreate(
  device: Device,
  load: LoadShape,
  touchedAtNs: TouchedAtNs,
  readerNs = nobodyBeside,
): Process {
  const { udmabufFolioNs, udmabufSetupNs } = device.costs
  yield device.work(udmabufSetupNs)
  for (let at = 0; at < load.bytes; at += sliceBytes) {
    const end = Math.min(at + sliceBytes, load.bytes)
    const foliosNs = foliosOf(end - at, folioBytesOf(load)) * udmabufFolioNs
    yield touchedAtNs(at, end) + Math.round(waitForCoreNs(device, foliosNs, readerNs(end - at)))
  }
}

/** Pages that are brought in on the way take their time in any case: two threads never do so at once. */
function waitForCoreNs({ costs }: Device, ownNs: number, readerNs: number): number {
  return besideOthersNs({ cores: costs.cores, threads: 2 }, ownNs, readerNs)
}

/** A read() of the whole file into the memfd's mapping. */
function* readInto(device: Device, load: LoadShape, mode: IoMode, { touchedAtNs, cache }: Filling): Process {
  if (mode === 'direct') {
    const scattered = scatteredOfShmem(device, load.hugePages)
    return yield directUserRead(device, { index: 0, from: 0, to: load.bytes }, { touchedAtNs, scattered })
  }
  yield readCached(device, load, new CachedFile(device, load.bytes, cache), touchedAtNs)
}

function* readCached(device: Device, load: LoadShape, file: CachedFile, touchedAtNs: TouchedAtNs): Process {
  for (let at = 0; at < load.bytes; at += sliceBytes) {
    const end = Math.min(at + sliceBytes, load.bytes)
    yield file.read(at, end, device.costs.copyToShmemPageNs)
    yield touchedAtNs(at, end)
  }
}

/** ns of CPU that `readInto` takes for a part of the file, beside bringing pages in. */
function readIntoCpuNs(device: Device, mode: IoMode): ReaderCpuNs {
  return bytes =>
    mode === 'direct'
      ? directUserReadCpuNs(device, bytes)
      : cachedReadCpuNs(device, bytes, device.costs.copyToShmemPageNs)
}

/** What a file is read into whose pages all came before it. */
function populatedFilling(device: Device, load: LoadShape): Filling {
  return {
    touchedAtNs: populated(device),
    cache: cacheAfterShmem(device, load.hugePages, load.bytes),
  }
}

export function udmabufSerial(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    const { touchedAtNs } = new SharedPages(device, folioBytesOf(load))
    yield open(device, device.costs.openNs)
    yield wholePhase(device, 'create', load.bytes, udmabufCreate(device, load, touchedAtNs))
    const read = readInto(device, load, mode, populatedFilling(device, load))
    yield wholePhase(device, 'read', load.bytes, read)
  }
}

/** A reader thread is started first and joined last; what the caller does beside it is `prepare`. */
function* besideReader(device: Device, load: LoadShape, read: Process, prepare: Process): Process {
  const reader = new Join(device.clock)
  reader.start(readBeside(device, load, read))
  yield prepare
  yield joined(device, reader)
}

function* readBeside(device: Device, load: LoadShape, read: Process): Process {
  const lane = readerLane(0)
  const startedNs = device.clock.nowNs
  yield device.work(device.costs.readerWakeNs)
  device.recorder.addWait(lane, null, startedNs)
  yield device.span({ lane, phase: 'read', bytes: load.bytes, gather: null }, read)
}

/** What a file is read into whose pages come while it is read. */
function sharedFilling(device: Device, load: LoadShape): Filling {
  const { touchedAtNs } = new SharedPages(device, folioBytesOf(load), 2)
  return { touchedAtNs, cache: cacheBesideShmem(device, load.hugePages, 0) }
}

export function udmabufAsync(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    const filling = sharedFilling(device, load)
    yield open(device, device.costs.openNs)
    const readerNs = readIntoCpuNs(device, mode)
    const create = udmabufCreate(device, load, filling.touchedAtNs, readerNs)
    const read = readInto(device, load, mode, filling)
    yield besideReader(device, load, read, wholePhase(device, 'create', load.bytes, create))
  }
}

export function memfdAsync(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    const filling = sharedFilling(device, load)
    yield open(device, device.costs.openNs)
    const alloc = populate(device, load, filling.touchedAtNs, readIntoCpuNs(device, mode))
    const read = readInto(device, load, mode, filling)
    yield besideReader(device, load, read, wholePhase(device, 'alloc', load.bytes, alloc))
  }
}

/** As many threads as the agent starts where each has a memfd of its own (device/loader, MAX_DEFAULT_POPULATORS). */
const mostPopulators = 4

type Gathering = { readonly mode: IoMode; readonly populators?: number; readonly last?: Process }

function* gatherByGather(device: Device, load: LoadShape, gathering: Gathering): Process {
  const { mode, populators = 1, last } = gathering
  yield open(device, device.costs.openNs)
  const allocNs = ({ from, to }: Gather) => shmemNs(device, to - from, folioBytesOf(load))
  yield gatherLoad(
    device,
    load,
    { allocNs, mapNs: null, populators, ...gatherReader(device, load, mode) },
    last,
  )
}

function listPopulators({ costs }: Device): number {
  return Math.max(1, Math.min(costs.cores, mostPopulators))
}

function gatherReader(device: Device, load: LoadShape, mode: IoMode): GatherReader {
  if (mode === 'buffered') {
    return bufferedGatherReader(device, load, {
      copyPageNs: device.costs.copyToShmemPageNs,
      scattered: cacheBesideShmem(device, load.hugePages, load.gatherBytes),
    })
  }
  const pages = { touchedAtNs: populated(device), scattered: scatteredOfShmem(device, load.hugePages) }
  return {
    fill: gather => directUserRead(device, gather, pages),
    cpuNs: bytes => directUserReadCpuNs(device, bytes),
  }
}

export function memfdGather(mode: IoMode) {
  return (device: Device, load: LoadShape): Process => gatherByGather(device, load, { mode })
}

/** A memfd for each populating thread's share of a gather. */
export function memfdList(device: Device, load: LoadShape): Process {
  return gatherByGather(device, load, { mode: 'direct', populators: listPopulators(device) })
}

/** The pages are in memory when UDMABUF_CREATE comes; the last readers may still be at work beside it. */
export function udmabufGather(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    yield gatherByGather(device, load, { mode, last: createOfPopulated(device, load) })
  }
}

function createOfPopulated(device: Device, load: LoadShape): Process {
  return wholePhase(device, 'create', load.bytes, udmabufCreate(device, load, populated(device)))
}

/** The same with a memfd for each populating thread's share of a gather. */
export function udmabufList(device: Device, load: LoadShape): Process {
  const populators = listPopulators(device)
  return gatherByGather(device, load, { mode: 'direct', populators, last: createOfPopulated(device, load) })
}

function* openPopulated(device: Device, load: LoadShape): Process {
  yield open(device, device.costs.openNs)
  const { touchedAtNs } = new SharedPages(device, folioBytesOf(load))
  yield wholePhase(device, 'alloc', load.bytes, populate(device, load, touchedAtNs))
}

export function memfdSerial(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    yield openPopulated(device, load)
    const read = readInto(device, load, mode, populatedFilling(device, load))
    yield wholePhase(device, 'read', load.bytes, read)
  }
}

/** A read() whose pages leave the page cache at once. */
export function* memfdDontcache(device: Device, load: LoadShape): Process {
  yield openPopulated(device, load)
  const { touchedAtNs, cache } = populatedFilling(device, load)
  const file = new CachedFile(device, load.bytes, cache, 'dropped')
  yield wholePhase(device, 'read', load.bytes, readCached(device, load, file, touchedAtNs))
}

export function* memfdMmapCopy(device: Device, load: LoadShape): Process {
  yield openPopulated(device, load)
  const file = { bytes: load.bytes, scattered: cacheAfterShmem(device, load.hugePages, load.bytes) }
  yield wholePhase(device, 'copy', load.bytes, mappedCopy(device, file, device.costs.copyToShmemPageNs))
}

/** sendfile into a memfd allocates its pages as it goes, and writes them whole. */
export function memfdSendfile(mode: IoMode) {
  return function* (device: Device, load: LoadShape): Process {
    yield open(device, device.costs.openNs)
    const pageNs = unzeroedShmemNs(device, load.bytes, folioBytesOf(load)) / pagesOf(load.bytes)
    const piped = mode === 'direct' ? pipedDirectRead : pipedBufferedRead
    const file = {
      bytes: load.bytes,
      copyPageNs: device.costs.copyToShmemPageNs + pageNs,
      scattered: cacheBesideShmem(device, load.hugePages, 0),
    }
    yield wholePhase(device, 'copy', load.bytes, piped(device, file))
  }
}
