import type { Run } from '../../contract/run.ts'
import type { StoredSample, sampleColumns } from '../../contract/sample.ts'

/** `-`: words, or a number without a unit. */
export type Unit = '-' | 'ns' | 'bytes' | 'bytes/s' | 'fraction' | 'count' | 'true or false'
type Meaning = readonly [unit: Unit, meaning: string]

/** What tells a row of one run from a row of another, so that files can be put together. */
export const runColumns = {
  run: ['-', 'the run’s uuid, the same in every database'],
  target: ['-', '`local`, `sim:<profile>` or `adb:<serial>`'],
  startedAt: ['-', 'when the run began, UTC'],
  lab: ['-', 'version of the lab that began it'],
} as const satisfies Record<string, Meaning>

export const sampleMeanings: Record<(typeof sampleColumns)[number], Meaning> = {
  scheme: ['-', 'one way to get a file into a buffer'],
  bytes: ['bytes', 'size of the load'],
  repeat: ['count', 'which round, from 0; warm-ups are counted apart'],
  warmup: ['true or false', 'a warm-up, which no statistics count'],
  setting: ['count', 'which of the settings of a tuning, from 0; empty in other runs'],
  status: ['-', '`ok`, `failed`, `unsupported` or `cancelled`'],
  reason: ['-', 'why it is not ok'],
  totalNs: ['ns', 'from before the first open until the buffer is ready; closing is not in it'],
  openNs: ['ns', 'opening the file and the buffer’s device'],
  allocNs: ['ns', 'time in which memory was allocated'],
  mapNs: ['ns', 'mapping the buffer'],
  createNs: ['ns', 'UDMABUF_CREATE, or a kernel’s own patch as a whole'],
  readNs: ['ns', 'time in which at least one reader read or copied'],
  closeNs: ['ns', 'closing, after the load'],
  firstGatherNs: ['ns', 'allocating the first gather, before any read could start'],
  remainingAllocNs: ['ns', '`allocNs` less `firstGatherNs`, at least 0'],
  gatherBytes: ['bytes', 'the gather; empty for a scheme without gathers'],
  readers: ['count', 'threads that read'],
  cold: ['true or false', 'the file was proved to be out of the page cache'],
  direct: ['true or false', 'the bytes were proved to have gone past the page cache'],
  verified: ['true or false', 'every byte of the buffer was checked'],
  simulated: ['true or false', 'nothing was measured'],
  throughput: ['bytes/s', '`bytes` over `totalNs`'],
  ofCeiling: ['fraction', '`throughput` over the ceiling of the storage'],
  marks: ['-', 'what must be said beside the figures, joined by `; `'],
}

/** Further figures, in the order of the columns. A figure that is not here is in `otherFigures`. */
export const figureColumns = {
  deviceReadBytes: ['bytes', 'read from the block device during the load, by anybody'],
  processReadBytes: ['bytes', 'read from storage by the load’s own process; kernel threads do not count'],
  residentBytesBefore: ['bytes', 'of the file in the page cache before the load'],
  residentBytesAfter: ['bytes', 'the same after it'],
  cpuNs: ['ns', 'processor time of the load’s process, all threads'],
  minorFaults: ['count', 'page faults of the process that read nothing'],
  populators: ['count', 'threads that brought the buffer’s pages in'],
  hugePageBytes: ['bytes', 'of the buffer in huge pages, where they were asked for'],
  physicalRuns: ['count', 'runs of adjoining pages that the buffer lies in'],
  freeListBytes: ['bytes', 'what the processors’ lists of free pages held when the load began'],
  coolingState: ['count', 'the higher sum of the processors’ cooling states before and after; 0 is idle'],
  rehearsalNs: ['ns', 'of the rehearsal before the load, where there was one'],
  agentNs: ['ns', 'from taking up the command to writing the sample, all checks included'],
  spansLeftOut: ['count', 'spans beyond what a sample keeps'],
  memfds: ['count', 'memfds that the buffer’s memory is in'],
  folioBytes: [
    'bytes',
    'mean size of the pieces that the kernel gave the memory in, where huge pages were asked for',
  ],
  importNs: [
    'ns',
    'until a device of the kernel module may read the buffer: attach, map and sync, after the load',
  ],
  importAttachNs: ['ns', 'of that, attaching'],
  importMapNs: ['ns', 'of that, mapping'],
  importSyncNs: ['ns', 'of that, making what the CPU wrote visible'],
  importSegments: ['count', 'runs of addresses that it is given'],
  vgemImportNs: ['ns', 'until the kernel’s virtual GPU (vgem) has imported the buffer'],
} as const satisfies Record<string, Meaning>

const figureNames: readonly string[] = Object.keys(figureColumns)
const knownFigures: ReadonlySet<string> = new Set(figureNames)

/** Every column in its order, with its unit and meaning. */
export const csvColumns: ReadonlyArray<{
  readonly name: string
  readonly unit: Unit
  readonly meaning: string
}> = [
  ...Object.entries<Meaning>(runColumns),
  ...Object.entries<Meaning>(sampleMeanings),
  ...Object.entries<Meaning>(figureColumns),
  [
    'otherFigures',
    ['-', 'figures without a column: `name=value`, unit in the name, joined by `; `'],
  ] as const,
].map(([name, [unit, meaning]]) => ({ name, unit, meaning }))

export function runFields({ uuid, plan, createdAt, labVersion }: Run): string[] {
  return [uuid, plan.target, createdAt, labVersion]
}

/** What figures a sample has, in the order of their columns, and as `name=value` those that have none. */
export function figureFields({ figures }: StoredSample): (number | '')[] {
  return figureNames.map(name => figures[name] ?? '')
}

export function otherFigures({ figures }: StoredSample): string {
  const others = Object.entries(figures).filter(([name]) => !knownFigures.has(name))
  return others.map(([name, value]) => `${name}=${value}`).join('; ')
}
