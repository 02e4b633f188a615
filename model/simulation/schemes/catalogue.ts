import type { SchemeId } from '../../../contract/schemes.ts'
import {
  copyFileRangeDirect,
  normal,
  normalMmapCopy,
  sendfileBuffered,
  sendfileDirect,
} from './heapSchemes.ts'
import { readAsync, readSync } from './inKernelSchemes.ts'
import type { SchemeProcess } from './load.ts'
import {
  memfdAsyncDirect,
  memfdGatherOf,
  memfdMmapCopy,
  memfdSendfile,
  memfdSerial,
  udmabufAsync,
  udmabufGatherDirect,
  udmabufSerial,
} from './shmemSchemes.ts'

/** Every scheme of the catalogue as a process over the simulated resources. */
export const schemeProcesses: Readonly<Record<SchemeId, SchemeProcess>> = {
  normal,
  'normal-mmap-copy': normalMmapCopy,
  'udmabuf-buffered': udmabufSerial('buffered'),
  'udmabuf-direct': udmabufSerial('direct'),
  'udmabuf-async-buffered': udmabufAsync('buffered'),
  'udmabuf-async-direct': udmabufAsync('direct'),
  'udmabuf-gather-direct': udmabufGatherDirect,
  'sendfile-buffered': sendfileBuffered,
  'sendfile-direct': sendfileDirect,
  'copy-file-range-direct': copyFileRangeDirect,
  'read-sync-buffered': readSync('buffered'),
  'read-sync-direct': readSync('direct'),
  'read-async-buffered': readAsync('buffered'),
  'read-async-direct': readAsync('direct'),
  'memfd-buffered': memfdSerial('buffered'),
  'memfd-direct': memfdSerial('direct'),
  'memfd-mmap-copy': memfdMmapCopy,
  'memfd-sendfile-buffered': memfdSendfile('buffered'),
  'memfd-sendfile-direct': memfdSendfile('direct'),
  'memfd-async-direct': memfdAsyncDirect,
  'memfd-gather-direct': memfdGatherOf('direct'),
  'memfd-gather-buffered': memfdGatherOf('buffered'),
}
