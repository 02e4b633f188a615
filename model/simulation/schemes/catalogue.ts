import {
  type IoMode,
  type Scheme,
  type SchemeId,
  type schemeCatalogue,
  schemeOf,
} from '../../../contract/schemes.ts'
import {
  copyFileRangeDirect,
  normal,
  normalDontcache,
  normalMmapCopy,
  sendfileBuffered,
  sendfileDirect,
} from './heapSchemes.ts'
import { readAsync, readSync } from './inKernelSchemes.ts'
import type { SchemeProcess } from './load.ts'
import {
  memfdAsync,
  memfdDontcache,
  memfdGather,
  memfdList,
  memfdMmapCopy,
  memfdSendfile,
  memfdSerial,
  udmabufAsync,
  udmabufGather,
  udmabufList,
  udmabufSerial,
} from './shmemSchemes.ts'
import { wrapfdSegments, wrapfdSerial, wrapfdSlices } from './wrapfdSchemes.ts'

type Row = (typeof schemeCatalogue)[number]
type Way<R extends Row> = R extends Row ? `${R['buffer']}, ${R['fill']}, ${R['overlap']}` : never
type ModeOf<W, R extends Row = Row> = R extends Row ? (Way<R> extends W ? R['ioMode'] : never) : never

function inBothModes(processIn: (mode: IoMode) => SchemeProcess) {
  return { buffered: processIn('buffered'), direct: processIn('direct') }
}

/** What the simulated machine does, by what a scheme's row says of it. A way that no row has had is a compile error. */
const processes: { readonly [W in Way<Row>]: { readonly [Mode in ModeOf<W>]: SchemeProcess } } = {
  'dma-heap, read, serial': { buffered: normal },
  'dma-heap, dontcache, serial': { buffered: normalDontcache },
  'dma-heap, mmap-copy, serial': { buffered: normalMmapCopy },
  'dma-heap, sendfile, serial': { buffered: sendfileBuffered, direct: sendfileDirect },
  'dma-heap, copy-file-range, serial': { direct: copyFileRangeDirect },
  'dma-heap, ioctl, serial': inBothModes(readSync),
  'dma-heap, ioctl, gather': inBothModes(readAsync),
  'udmabuf, read, serial': inBothModes(udmabufSerial),
  'udmabuf, read, async': inBothModes(udmabufAsync),
  'udmabuf, read, gather': inBothModes(udmabufGather),
  'memfd, read, serial': inBothModes(memfdSerial),
  'memfd, read, async': inBothModes(memfdAsync),
  'memfd, read, gather': inBothModes(memfdGather),
  'memfd, dontcache, serial': { buffered: memfdDontcache },
  'memfd, mmap-copy, serial': { buffered: memfdMmapCopy },
  'memfd, sendfile, serial': inBothModes(memfdSendfile),
}

const processesByWay = new Map<string, SchemeProcess>(
  Object.entries(processes).flatMap(([way, modes]) =>
    Object.entries(modes).map(([mode, process]) => [`${way}, ${mode}`, process] as const),
  ),
)

/**
 * Those whose row is another's in all of that: wrapfd fills a heap's buffer by an ioctl, as the refused series do, but
 * not in the call that allocates it; a list of memfds is populated by several threads.
 */
const ownProcesses: Partial<Record<SchemeId, SchemeProcess>> = {
  'wrapfd-direct': wrapfdSerial,
  'wrapfd-segments-direct': wrapfdSegments,
  'wrapfd-slices-direct': wrapfdSlices,
  'udmabuf-list-direct': udmabufList,
  'memfd-list-direct': memfdList,
}

/** A scheme as a process over the simulated resources. */
export function schemeProcess(id: SchemeId): SchemeProcess {
  const { buffer, fill, overlap, ioMode }: Scheme = schemeOf(id)
  const process = ownProcesses[id] ?? processesByWay.get(`${buffer}, ${fill}, ${overlap}, ${ioMode}`)
  if (process === undefined) throw new RangeError(`${id} is not simulated`)
  return process
}
